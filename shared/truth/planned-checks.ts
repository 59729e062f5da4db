import type { Checks } from '../plan/plans.ts';
import type { BlankCheck, CheckResult, Comparability } from './checks.ts';
import { compareCounters, makePositionsCheck } from './counter-checks.ts';
import { makeDefinitionsCheck } from './definition-checks.ts';
import type { BaselineFigures } from './figures.ts';
import { makeFreshnessCheck } from './freshness.ts';
import { makeQueryCheck } from './query-checks.ts';
import { skipChecksum, skipRows } from './row-checks.ts';
import { compareObjects, compareSchema } from './schema-checks.ts';
import { listRules, makeSettledCheck } from './settled-checks.ts';
import { makeTimeCheck } from './skew.ts';
import { makeIntegrityCheck } from './table-comparison.ts';
import type { TableFigures } from './table-reading.ts';
import { wantedOf } from './wanted.ts';

export type PlannedOptions = {
  checks: Checks;
  defaultSchema: string;
  restoreTo: string;
  reason: string;
  kind: Comparability;
};

/** The checks of a drill before its restore: what a dry run shows, and what measures the room they will take. */
export const listPlannedChecks = (
  { tables, objects, definitions, counters, progress = [] }: BaselineFigures,
  options: PlannedOptions,
): CheckResult[] => {
  const { checks, reason } = options;
  const positions = counters && makePositionsCheck(counters);
  const skip = (check: BlankCheck): CheckResult => ({ ...check, actual: null, verdict: 'skipped', reason });
  return [
    ...(progress.length === 0 ? [] : [skip(makeTimeCheck(options.restoreTo))]),
    ...tables.flatMap((figures) => listOfTable(figures, options, skip)),
    ...listSettled(options).map(skip),
    skip(compareObjects(objects, objects, 'same-instant')),
    ...(definitions?.kinds ?? []).map((figures) => skip(makeDefinitionsCheck(figures))),
    ...compareCounters([], []).map(skip),
    ...(positions === undefined ? [] : [skip(positions)]),
    ...checks.queries.map((query) => skip(makeQueryCheck(query))),
  ];
};

const listSettled = ({ kind, checks, defaultSchema, restoreTo }: PlannedOptions): BlankCheck[] => {
  const rules = kind === 'none' ? listRules(checks, defaultSchema) : [];
  const settled = rules.map(({ table, margin }) => makeSettledCheck(table, margin));
  return settled.length === 0 ? [] : [...settled, makeTimeCheck(restoreTo)];
};

const listOfTable = (
  figures: TableFigures,
  { checks, defaultSchema, restoreTo, reason }: PlannedOptions,
  skip: (check: BlankCheck) => CheckResult,
): CheckResult[] => {
  const { table, unread } = figures;
  const { tolerance, checksum, freshness } = wantedOf(checks, table, defaultSchema);
  return [
    skip(compareSchema(figures, figures, { baseline: 'same-instant' })),
    skipRows(figures, tolerance, unread ?? reason),
    ...(checksum === 'none' ? [] : [skipChecksum(table, unread ?? reason)]),
    ...(freshness === null ? [] : [skip(makeFreshnessCheck(table, freshness, restoreTo))]),
    ...(checks.integrity === 'none' ? [] : [skip(makeIntegrityCheck(table))]),
  ];
};
