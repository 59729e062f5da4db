import { DrillError } from '../errors.ts';
import { pack } from '../job/packing.ts';
import { withoutCounters } from '../truth/counter-checks.ts';
import { withoutNames } from '../truth/definition-checks.ts';
import type { BaselineFigures } from '../truth/figures.ts';
import { listPlannedChecks } from '../truth/planned-checks.ts';
import { maxChecksBytes } from '../truth/room-in-state.ts';
import { defaultSchemaOf } from '../truth/wanted.ts';
import { countOf } from '../words.ts';
import type { Baseline, Preparation } from './state.ts';

/** What a value takes of the state data. */
export const packedBytes = (value: unknown): number => Buffer.byteLength(pack(value));

/**
 * Rows matter more. Where not all fits, a finding about definitions names the kind alone. Where that does not help, the
 * positions of counters are left out too.
 */
export const fitRest = (figures: BaselineFigures, maxBytes: number): BaselineFigures => {
  const { definitions, counters } = figures;
  const unnamed = { ...figures, ...(definitions && { definitions: withoutNames(definitions) }) };
  const least = {
    ...unnamed,
    ...(counters && { counters: withoutCounters('they do not fit into the state data') }),
  };
  return [figures, unnamed].find((one) => packedBytes(one) <= maxBytes) ?? least;
};

/**
 * Fails before the restore when the figures or the checks would not fit into the state data.
 * @throws DrillError BaselineTooLarge
 */
export const assertFits = (
  figures: BaselineFigures,
  { checks, baselineAddress }: Preparation,
  { maxBytes, ...then }: Pick<Baseline, 'restoreTo' | 'kind'> & { maxBytes: number },
): void => {
  // The length of a passed check's reason.
  const reason = 'x'.repeat(70);
  const defaultSchema = defaultSchemaOf(baselineAddress);
  const planned = listPlannedChecks(figures, { checks, defaultSchema, reason, ...then });
  const sizes: [string, number, number][] = [
    ['figures', packedBytes(figures), maxBytes],
    ['checks', Buffer.byteLength(JSON.stringify(planned)), maxChecksBytes],
  ];
  for (const [what, bytes, fitting] of sizes) {
    if (bytes <= fitting) continue;
    throw new DrillError(
      'BaselineTooLarge',
      `the ${what} of ${countOf(figures.tables.length, 'table')} take ${bytes} bytes, and ${fitting} fit`,
    );
  }
};

/** With nothing to compare, a restore would prove nothing and cost the same. @throws DrillError OutOfTime */
export const assertSomethingRead = ({ tables }: BaselineFigures): void => {
  const [first] = tables;
  if (tables.some(({ unread }) => unread === null)) return;
  throw new DrillError(
    'OutOfTime',
    `no table of production could be read; ${first?.table}: ${first?.unread}`,
  );
};

/** @throws DrillError EmptyDatabase */
export const assertNotEmpty = (
  { tables }: BaselineFigures,
  { baselineAddress: { database, host } }: Preparation,
): void => {
  const hasRows = tables.some(({ rows, unread }) => unread !== null || (rows !== null && rows.before > 0));
  if (hasRows) return;
  throw new DrillError(
    'EmptyDatabase',
    `database ${database} on ${host} has ${tables.length} tables and no row in any`,
  );
};
