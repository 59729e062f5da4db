import { createHash } from 'node:crypto';
import { addSeconds, isAfter } from '../instants.ts';
import { formatInstant } from '../result/format.ts';
import type { RewindFacts } from './facts.ts';

/** How long a code holds: long enough to read the pre-flight, and short enough for it to be still true. */
export const codeSeconds = 900;

/** What a code is for. `to`: ISO 8601, whole seconds. */
export type Bound = { facts: RewindFacts; to: string };

/**
 * The code that a pre-flight ends with, `<yyyymmddhhmmss>-<source>-<time>-<facts>`: when it was made, and digests of what it is
 * for. No secret: it only proves that somebody has read what the pre-flight says. @param now ISO 8601
 */
export const makeCode = (bound: Bound, now: string): string =>
  formatCode(now.replace(/\D/g, '').slice(0, 14), bound);

export const codeEnd = (madeAt: string): string => addSeconds(madeAt, codeSeconds);

export type CodeCheck = { isGood: true } | { isGood: false; reason: string };

/** Whether the code is of this very pre-flight, and of less than 15 minutes ago. @param now ISO 8601 */
export const checkCode = (code: string | null, bound: Bound, now: string): CodeCheck => {
  const reason = findRefusal(code, bound, now);
  return reason === null ? { isGood: true } : { isGood: false, reason };
};

const codePattern = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)-[0-9a-f]{6}-[0-9a-f]{6}-[0-9a-f]{8}$/;

/** When the code was made, ISO 8601, as it says; null if it is none. */
export const readMadeAt = (code: string): string | null => {
  const [, year, month, day, hour, minute, second] = codePattern.exec(code) ?? [];
  const madeAt = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  return Number.isNaN(Date.parse(madeAt)) ? null : madeAt;
};

/** Whether the code is of this cluster and time, however old it is. */
export const isCodeOf = (code: string, bound: Bound): boolean => {
  const [digits = '', source, to] = code.split('-');
  const [, ...expected] = formatCode(digits, bound).split('-');
  return source === expected[0] && to === expected[1];
};

const findRefusal = (code: string | null, { facts, to }: Bound, now: string): string | null => {
  const { identifier } = facts.source;
  if (code === null) return `a rewind of ${identifier} has to be confirmed with a code`;
  if (!codePattern.test(code)) return `${JSON.stringify(code)} is no code of a pre-flight`;
  const madeAt = readMadeAt(code);
  if (madeAt === null || isAfter(madeAt, now)) return `${code} is of no time before ${formatInstant(now)}`;
  if (isAfter(now, codeEnd(madeAt)))
    return `${code} is of ${formatInstant(madeAt)}, and a code holds for 15 minutes`;
  const [digits = '', ...seen] = code.split('-');
  const [, ...expected] = formatCode(digits, { facts, to }).split('-');
  if (seen[0] !== expected[0]) return `${code} is of another cluster than ${identifier}`;
  if (seen[1] !== expected[1]) return `${code} is of another time than ${formatInstant(to)}`;
  if (seen[2] !== expected[2]) return `what is known of ${identifier} has changed since ${code}`;
  return null;
};

/** Each digest is of the code's own time too, so that none fits another code. */
const formatCode = (digits: string, { facts, to }: Bound): string => {
  const digest = (value: string, length: number): string =>
    createHash('sha256').update(`${digits} ${value}`).digest('hex').slice(0, length);
  return [digits, digest(nameSource(facts), 6), digest(to, 6), digest(showFacts(facts), 8)].join('-');
};

/** A cluster of the same name may be another one. */
const nameSource = ({ source: { identifier, resourceId } }: RewindFacts): string =>
  `${identifier} ${resourceId}`;

/**
 * What must be the same when the code comes back. The end of the window, writes and connections change every second, and the
 * pre-flight itself looks at them again.
 */
const showFacts = ({ source, backtracks, upgrades, blueGreens, binlog }: RewindFacts): string => {
  const { backtrack, ...rest } = source;
  const sort = <Value>(known: { value: Value[] } | { unknown: string }): unknown =>
    'unknown' in known ? known : known.value.map((one) => JSON.stringify(one)).toSorted();
  return JSON.stringify([
    { ...rest, targetSeconds: backtrack?.targetSeconds ?? null },
    sort(backtracks),
    sort(upgrades),
    sort(blueGreens),
    binlog,
  ]);
};
