import type { RehearsalLimits } from '../plan/rehearsal-limits.ts';
import { type Dialect, dialectOf, shapeOf } from '../sql/tokens.ts';
import { conflictIn, hidesTables } from './conflicts.ts';
import { describeMs, type Finding, findBlocked, findingKinds, findOther, findUnbounded } from './findings.ts';
import { readLockTimeouts } from './lock-timeouts.ts';
import type { ChangeMeasured, StatementMeasured, TableMeasured } from './measured.ts';
import { findMade, isCalled } from './names.ts';
import { findTransactions } from './transactions.ts';
import { judgeViews } from './views.ts';

/** From the best to the worst. */
export const verdicts = ['safe', 'not measured', 'unsafe', 'failed'] as const;
export type Verdict = (typeof verdicts)[number];

/** `findings`: the worst first. `notes`: what a reader should know beside them, in sentences. */
export type Judgement = { verdict: Verdict; findings: Finding[]; notes: string[] };

/** A statement with what can be told of its text alone. `tables`: without those that the change itself makes. */
type Judged = {
  measured: StatementMeasured;
  tables: TableMeasured[];
  shape: string;
  transaction: number | null;
  timeoutMs: number | null;
};

/** Holds what was measured of a change to the limits. */
export const judgeChange = (change: ChangeMeasured, limits: RehearsalLimits): Judgement => {
  const dialect = dialectOf(change.engine);
  const judged = readStatements(change, dialect);
  const views = judgeViews(judged, limits, dialect);
  const findings = [
    ...judged.flatMap((one) => findInStatement(one, limits)),
    ...findWaits(judged, limits, dialect),
    ...views.findings,
    ...findInWhole(change, limits),
    ...findGaps(change, judged, limits, dialect),
  ].toSorted(byWeight);
  return {
    verdict: conclude(findings),
    findings,
    notes: [...listNotes(change, judged), ...views.notes],
  };
};

const readStatements = (change: ChangeMeasured, dialect: Dialect): Judged[] => {
  const sqls = change.statements.map(({ sql }) => sql);
  const shapes = sqls.map((sql) => shapeOf(sql, dialect));
  const timeouts = readLockTimeouts(sqls, dialect);
  const transactions = findTransactions(shapes, dialect);
  const made = sqls.map((sql) => findMade(sql, dialect));
  /** Its name alone proves nothing: a table of that name in another schema may have been there before. */
  const isGone = (table: string, before: number): boolean =>
    change.statements
      .slice(0, before)
      .some(
        ({ tables }, index) =>
          takesAway.test(shapes[index] ?? '') && tables.some((one) => one.table === table),
      );
  const isMade = (table: string, by: number): boolean =>
    made.some((name, at) => at <= by && name && isCalled(table, name, dialect) && isGone(table, at));
  return change.statements.map((measured, index) => ({
    measured,
    tables: measured.tables.filter(({ table }) => !isMade(table, index)),
    shape: shapes[index] ?? '',
    transaction: transactions[index]?.transaction ?? null,
    timeoutMs: timeouts[index] ?? null,
  }));
};

/** A statement after which the name of a table is free. */
const takesAway = /^drop tables?\b|^(alter|rename) .*\brename\b|^rename\b/;

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

const findInStatement = ({ measured, tables, shape }: Judged, limits: RehearsalLimits): Finding[] => {
  const { number: statement, error, isCancelled, leftInvalid } = measured;
  const rewritten = tables.filter(({ isRewritten }) => isRewritten === true && limits.rewrites === 'never');
  return [
    ...(error === null || isCancelled ? [] : [findError(statement, error)]),
    ...tables.flatMap((table) => findBlocked(measured, table, shape, limits)),
    ...rewritten.map(({ table }) =>
      findOther('rewrite', `it writes ${table} anew, and the limit is never`, { statement, table }),
    ),
    ...leftInvalid.map((what) => findOther('left invalid', `it leaves ${what} invalid`, { statement })),
  ];
};

const findError = (
  statement: number,
  { message, code, doneBefore }: NonNullable<StatementMeasured['error']>,
): Finding =>
  isLockTimeout(code)
    ? findOther(
        'not measured',
        `it gave up waiting for its locks each time, so the change would have to be retried: ${message}`,
        { statement },
      )
    : findOther('error', `${message} (${code}); ${doneBefore}`, { statement });

/** In one transaction, a table that is held already is waited for again only for a stronger lock. */
const findWaits = (judged: readonly Judged[], limits: RehearsalLimits, dialect: Dialect): Finding[] => {
  const held = new Map<string, number>();
  return judged.flatMap(({ measured, tables, shape, transaction, timeoutMs }) =>
    [...tables.map(({ table }) => table), ...listOthers(measured, shape)].flatMap((table) => {
      const conflict = conflictIn(measured, table, shape, dialect);
      const key = `${transaction} ${table}`;
      const strength = Number(conflict.reads) + Number(conflict.writes);
      if (transaction !== null && strength <= (held.get(key) ?? 0)) return [];
      held.set(key, strength);
      return findUnbounded(measured, table, conflict, timeoutMs, limits, dialect);
    }),
  );
};

/** Locked views, sequences and indexes. What is done CONCURRENTLY waits until nobody uses the index any more. */
const listOthers = ({ tables, locks }: StatementMeasured, shape: string): string[] =>
  /\bconcurrently\b/.test(shape)
    ? []
    : [...new Set(locks.map(({ relation }) => relation))].filter(
        (relation) => !tables.some(({ table }) => table === relation),
      );

const findInWhole = ({ statements, isFinished }: ChangeMeasured, limits: RehearsalLimits): Finding[] => {
  const seenMs = Math.max(0, ...statements.map(({ toMs }) => toMs)) - (statements[0]?.fromMs ?? 0);
  const limitMs = limits.durationSeconds * 1000;
  const [took, limit] = [describeMs(seenMs), describeMs(limitMs)];
  const statement = statements.find(({ isCancelled }) => isCancelled)?.number ?? null;
  return [
    ...(isFinished
      ? []
      : [findOther('not finished', `not finished in ${took}`, { statement, limitMs, seenMs })]),
    ...(seenMs <= limitMs
      ? []
      : [findOther('duration', `the change takes ${took}, over the limit of ${limit}`, { limitMs, seenMs })]),
  ];
};

/** Do the locks that were seen of it keep others waiting? */
const isBlocking = (measured: StatementMeasured, table: string, dialect: Dialect): boolean => {
  const { reads, writes } = conflictIn(measured, table, '', dialect);
  return reads || writes;
};

const hidden =
  'not known which tables it locks, since MySQL does not tell: write what it runs as statements of the script';

/** What the limits ask for and nobody knows. */
const findGaps = (
  { contender }: ChangeMeasured,
  judged: readonly Judged[],
  { rewrites }: RehearsalLimits,
  dialect: Dialect,
): Finding[] => {
  if (judged.length === 0) return [findOther('not measured', 'no statement was run')];
  return judged.flatMap(({ measured, tables, shape }) => {
    const { number: statement, notMeasured } = measured;
    const why = notMeasured.length === 0 ? '' : `: ${notMeasured.join(' ')}`;
    const find = (table: string, words: string): Finding =>
      findOther('not measured', `${words}${why}`, { statement, table });
    const probed = new Set(measured.tables.map(({ table }) => table));
    return [
      ...(hidesTables(shape, dialect) ? [findOther('not measured', hidden, { statement })] : []),
      ...tables
        .filter(({ isRewritten }) => isRewritten === null && rewrites === 'never')
        .map(({ table }) => find(table, `not known whether it writes ${table} anew`)),
      ...tables
        .filter(({ isIncomplete }) => isIncomplete === true)
        .map(({ table }) => find(table, `others of ${table} may wait longer than was measured`)),
      ...(contender?.tables ?? [])
        .filter((table) => !probed.has(table) && isBlocking(measured, table, dialect))
        .map((table) => find(table, `nobody probed ${table}, which it locks`)),
    ];
  });
};

const listNotes = ({ contender }: ChangeMeasured, judged: readonly Judged[]): string[] => [
  ...judged.flatMap(({ measured: { number, lockTimeouts }, timeoutMs }) => {
    if (lockTimeouts === 0) return [];
    const times = lockTimeouts === 1 ? 'once' : `${lockTimeouts} times`;
    const after = timeoutMs === null ? '' : timeoutMs === 0 ? ', at once' : ` after ${describeMs(timeoutMs)}`;
    return [
      `Statement ${number} would have to be retried: behind another transaction it gave up ${times}${after}.`,
    ];
  }),
  ...(contender === null
    ? ['There was no contender, so no queue behind a long transaction was measured.']
    : []),
];
