import { type CheckResult, compareCounters, compareObjects, compareSchema, wantedOf } from './checks.ts';
import type { BaselineFigures } from './figures.ts';
import type { Checks } from './plan.ts';
import { skipChecksum, skipRows } from './row-checks.ts';

/** The checks of a drill before its restore: what a dry run shows, and how much room they will take. */
export const listPlannedChecks = (
  { tables, objects, queries }: BaselineFigures,
  checks: Checks,
  defaultSchema: string,
  reason: string,
): CheckResult[] => {
  const skipped = { verdict: 'skipped', reason } as const;
  return [
    ...tables.flatMap((figures) => {
      const wanted = wantedOf(checks, figures.table, defaultSchema);
      const freshness = wanted.freshness;
      const other = { table: figures.table, tolerance: null, ...skipped } as const;
      return [
        { ...compareSchema(figures, figures, 'same-instant'), ...other, actual: null },
        skipRows(figures, wanted.tolerance, figures.unread ?? reason),
        ...(wanted.checksum === 'none' ? [] : [skipChecksum(figures.table, figures.unread ?? reason)]),
        ...(freshness === null
          ? []
          : [
              {
                ...other,
                name: `freshness ${figures.table}`,
                kind: 'freshness' as const,
                expected: `within ${freshness.within}`,
                actual: figures.newest,
              },
            ]),
        ...(checks.integrity === 'none'
          ? []
          : [
              {
                ...other,
                name: `integrity ${figures.table}`,
                kind: 'checksum' as const,
                expected: 'no damage',
                actual: null,
              },
            ]),
      ];
    }),
    { ...compareObjects(objects, objects, 'same-instant'), ...skipped, actual: null },
    ...compareCounters([], []).map((check) => ({ ...check, ...skipped, actual: null })),
    ...queries.map(
      ({ name }): CheckResult => ({
        name: `query ${name}`,
        kind: 'query',
        table: null,
        expected: null,
        actual: null,
        tolerance: null,
        ...skipped,
      }),
    ),
  ];
};
