import type { DatabaseAddress } from '../database/port.ts';
import { formatTableName, parseTableName } from '../database/tables.ts';
import type { Checks } from '../plan/plans.ts';
import type { Tolerance } from '../plan/tolerance.ts';
import type { Freshness } from './freshness.ts';

/** What a plan says about one table alone. Names are compared as names, not as typed. */
const overrideOf = ({ overrides }: Checks, table: string, defaultSchema: string): Overrides | undefined =>
  Object.entries(overrides).find(([name]) => canonicalName(name, defaultSchema) === table)?.[1];

type Overrides = Checks['overrides'][string];

/** What a plan asks about one table: the overrides for that table first, then the general settings. */
export type Wanted = {
  tolerance: Tolerance;
  checksum: Checks['checksum'];
  freshness: Freshness | null;
};

export const wantedOf = (checks: Checks, table: string, defaultSchema: string): Wanted => {
  const own = overrideOf(checks, table, defaultSchema);
  return {
    tolerance: own?.tolerance ?? checks.tolerance,
    checksum: own?.checksum ?? checks.checksum,
    freshness: own?.freshness ?? null,
  };
};

/** The column that tells when a row was written, by table, of those whose plan has one. */
export const listFreshness = ({ overrides }: Checks, defaultSchema: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(overrides).flatMap(([name, { freshness }]) =>
      freshness === undefined ? [] : [[canonicalName(name, defaultSchema), freshness.column]],
    ),
  );

/** A table's name from a plan, in the form that figures use. */
export const canonicalName = (text: string, defaultSchema: string): string => {
  const name = parseTableName(text, defaultSchema);
  return name === undefined ? text : formatTableName(name);
};

/** The schema that a name without one means: `public`, or in MySQL the database that the plan names. */
export const defaultSchemaOf = ({ engine, database }: DatabaseAddress): string =>
  engine === 'aurora-mysql' ? database : 'public';
