import { DrillError } from '../errors.ts';

/**
 * Tags as RDS takes them: letters, digits, spaces and _ . : / = + - @ (API, Tag). The name of an execution may have
 * others, such as a bracket.
 */

/** RDS's largest. */
export const maxTagKeyLength = 128;
export const maxTagValueLength = 256;
/** Of a cluster or an instance. */
export const maxTags = 50;

export const tagPattern = /^[\p{L}\p{N} _.:/=+\-@]*$/u;

/**
 * The ARN of an execution as a tag value: each character that RDS refuses becomes its number between slashes, "(" is
 * "/28/". No ARN of an execution has a slash of its own.
 */
export const toTagValue = (executionArn: string): string =>
  executionArn.replace(/[^\p{L}\p{N} _.:=+\-@]/gu, (sign) => `/${sign.codePointAt(0)?.toString(16)}/`);

/** The ARN that such a value was made from. A value that was not made so is returned as it is, or as another text. */
export const fromTagValue = (value: string): string =>
  value.replace(/\/([0-9a-f]{1,5}|10[0-9a-f]{4})\//g, (_, number) =>
    String.fromCodePoint(Number.parseInt(number, 16)),
  );

/** @throws DrillError InvalidInput when the name of an execution has too many characters that RDS refuses */
export const assertFitsTag = (executionArn: string): void => {
  const { length } = toTagValue(executionArn);
  if (length <= maxTagValueLength) return;
  throw new DrillError(
    'InvalidInput',
    `${executionArn} makes a tag of ${length} characters, and RDS takes ${maxTagValueLength}: it has characters that no tag may have`,
    { hint: 'start the drill again, and name the execution with letters, digits, - and _' },
  );
};
