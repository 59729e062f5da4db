import type { RehearsalLimits } from '../plan/rehearsal-limits.ts';
import { type Dialect, dialectOf, shapeOf } from '../sql/tokens.ts';
import { conflictIn } from './conflicts.ts';
import { describeMs, type Finding, findBlocked, findingKinds, findOther, findUnbounded } from './findings.ts';
import { readLockTimeouts } from './lock-timeouts.ts';
import type { ChangeMeasured, StatementMeasured } from './measured.ts';
import { findMade, isCalled } from './names.ts';
import { findTransactions } from './transactions.ts';

/** From the best to the worst. */
export const verdicts = ['safe', 'not measured', 'unsafe', 'failed'] as const;
export type Verdict = (typeof verdicts)[number];

/** `findings`: the worst first. `notes`: what a reader should know beside them, in sentences. */
export type Judgement = { verdict: Verdict; findings: Finding[]; notes: string[] };

/** A statement with what can be told of its text alone. */
type Judged = {
  measured: StatementMeasured;
  shape: string;
  transaction: number | null;
  timeoutMs: number | null;
};

/** Holds what was measured of a change to the limits. */
export const judgeChange = (change: ChangeMeasured, limits: RehearsalLimits): Judgement => {
  const dialect = dialectOf(change.engine);
  const judged = readStatements(change, dialect);
  const findings = [
    ...judged.flatMap((one) => findInStatement(one, limits)),
    ...findWaits(judged, limits, dialect),
    ...findInWhole(change, limits),
    ...findGaps(change, limits),
  ].toSorted(byWeight);
  return { verdict: conclude(findings), findings, notes: listNotes(change, judged) };
};

const readStatements = (change: ChangeMeasured, dialect: Dialect): Judged[] => {
  const sqls = change.statements.map(({ sql }) => sql);
  const shapes = sqls.map((sql) => shapeOf(sql, dialect));
  const timeouts = readLockTimeouts(sqls, dialect);
  const transactions = findTransactions(shapes, dialect);
  const made = sqls.map((sql) => findMade(sql, dialect));
  return change.statements.map((measured, index) => ({
    // Nobody else waits for a table that the change makes itself.
    measured: {
      ...measured,
      tables: measured.tables.filter(
        ({ table }) =>
          !made.some((name, before) => before <= index && name && isCalled(table, name, dialect)),
      ),
    },
    shape: shapes[index] ?? '',
    transaction: transactions[index]?.transaction ?? null,
    timeoutMs: timeouts[index] ?? null,
  }));
};

const conclude = (findings: readonly Finding[]): Verdict => {
  if (findings.some(({ what }) => what === 'error')) return 'failed';
  if (findings.some(({ what }) => what !== 'not measured')) return 'unsafe';
  return findings.length > 0 ? 'not measured' : 'safe';
};

const byWeight = (one: Finding, other: Finding): number =>
  findingKinds.indexOf(one.what) - findingKinds.indexOf(other.what) ||
  (other.seenMs ?? Number.MAX_VALUE) - (one.seenMs ?? Number.MAX_VALUE);

/** PostgreSQL: lock_not_available. MySQL: ER_LOCK_WAIT_TIMEOUT. */
const isLockTimeout = (code: string): boolean => ['55P03', '1205', 'ER_LOCK_WAIT_TIMEOUT'].includes(code);

const findInStatement = ({ measured, shape }: Judged, limits: RehearsalLimits): Finding[] => {
  const { number, error, isCancelled, leftInvalid, tables } = measured;
  const isRewriteLimited = limits.rewrites === 'never';
  return [
    ...(error === null || isCancelled ? [] : [findError(measured, error)]),
    ...tables.flatMap((table) => findBlocked(measured, table, shape, limits)),
    ...tables
      .filter(({ isRewritten }) => isRewritten === true && isRewriteLimited)
      .map(({ table }) =>
        findOther('rewrite', { statement: number, table }, `it writes ${table} anew, and the limit is never`),
      ),
    ...leftInvalid.map((what) =>
      findOther('left invalid', { statement: number }, `it leaves ${what} invalid`),
    ),
  ];
};

const findError = (
  { number }: StatementMeasured,
  { message, code, doneBefore }: NonNullable<StatementMeasured['error']>,
): Finding =>
  isLockTimeout(code)
    ? findOther(
        'not measured',
        { statement: number },
        `it gave up waiting for its locks each time, so the change would have to be retried: ${message}`,
      )
    : findOther('error', { statement: number }, `${message} (${code}); ${doneBefore}`);

/** In one transaction, a table that is held already is not waited for again. */
const findWaits = (judged: readonly Judged[], limits: RehearsalLimits, dialect: Dialect): Finding[] => {
  const held = new Set<string>();
  return judged.flatMap(({ measured, shape, transaction, timeoutMs }) =>
    measured.tables.flatMap(({ table }) => {
      const conflict = conflictIn(measured, table, shape, dialect);
      const key = `${transaction} ${conflict.reads} ${table}`;
      if (transaction !== null && held.has(key)) return [];
      held.add(key);
      return findUnbounded(measured, table, conflict, timeoutMs, limits, dialect);
    }),
  );
};

const findInWhole = ({ statements, isFinished }: ChangeMeasured, limits: RehearsalLimits): Finding[] => {
  const [first] = statements;
  const tookMs = Math.max(0, ...statements.map(({ toMs }) => toMs)) - (first?.fromMs ?? 0);
  const cut = statements.find(({ isCancelled }) => isCancelled)?.number ?? null;
  const limitMs = limits.durationSeconds * 1000;
  const took = { limitMs, seenMs: tookMs };
  return [
    ...(isFinished
      ? []
      : [
          {
            ...findOther('not finished', { statement: cut }, `not finished in ${describeMs(tookMs)}`),
            ...took,
          },
        ]),
    ...(tookMs <= limitMs
      ? []
      : [
          {
            ...findOther(
              'duration',
              {},
              `the change takes ${describeMs(tookMs)}, over the limit of ${describeMs(limitMs)}`,
            ),
            ...took,
          },
        ]),
  ];
};

/** What the limits ask for and nobody knows. */
const findGaps = ({ statements, contender }: ChangeMeasured, limits: RehearsalLimits): Finding[] => {
  if (statements.length === 0) return [findOther('not measured', {}, 'no statement was run')];
  return statements.flatMap(({ number, tables, locks, notMeasured }) => {
    const why = notMeasured.length === 0 ? '' : `: ${notMeasured.join(' ')}`;
    const unknown = tables.filter(({ isRewritten }) => isRewritten === null && limits.rewrites === 'never');
    const incomplete = tables.filter(({ isIncomplete }) => isIncomplete === true);
    const probed = new Set(tables.map(({ table }) => table));
    const unprobed = (contender?.tables ?? []).filter(
      (table) => !probed.has(table) && locks.some(({ relation }) => relation === table),
    );
    return [
      ...unknown.map(({ table }) =>
        findOther(
          'not measured',
          { statement: number, table },
          `not known whether it writes ${table} anew${why}`,
        ),
      ),
      ...incomplete.map(({ table }) =>
        findOther(
          'not measured',
          { statement: number, table },
          `others of ${table} may wait longer than was measured${why}`,
        ),
      ),
      ...unprobed.map((table) =>
        findOther(
          'not measured',
          { statement: number, table },
          `nobody probed ${table}, which it locks${why}`,
        ),
      ),
    ];
  });
};

const listNotes = ({ contender }: ChangeMeasured, judged: readonly Judged[]): string[] => [
  ...judged.flatMap(({ measured: { number, lockTimeouts }, timeoutMs }) =>
    lockTimeouts === 0
      ? []
      : [
          `Statement ${number} would have to be retried: behind another transaction it gave up ${lockTimeouts === 1 ? 'once' : `${lockTimeouts} times`}${timeoutMs === null ? '' : ` after ${describeMs(timeoutMs)}`}.`,
        ],
  ),
  ...(contender === null
    ? ['There was no contender, so no queue behind a long transaction was measured.']
    : []),
];
