import { dialectOf, shapeOf } from '../sql/tokens.ts';
import type { Finding } from './findings.ts';
import type { ChangeMeasured, StatementMeasured } from './measured.ts';
import { type Advice, adviseSafer } from './safer.ts';
import { describeUndo, describeWayBack, type Undo } from './undo.ts';

/** Advice on one statement of a change, by its number. */
export type OnStatement<Kind> = Kind & { statement: number };

/** `wayBack`: whether statements undo it, or only a time before it does; null if nothing was run. */
export type ChangeAdvice = {
  safer: OnStatement<Advice>[];
  undo: OnStatement<Undo>[];
  wayBack: string | null;
};

export const noAdvice: ChangeAdvice = { safer: [], undo: [], wayBack: null };

/** The usual safer way of each statement that is unsafe, and what would undo each that ran. */
export const adviseOn = (
  { engine, statements }: ChangeMeasured,
  findings: readonly Finding[],
): ChangeAdvice => {
  const dialect = dialectOf(engine);
  const safer = statements.flatMap((statement) => {
    const against = findings.filter((finding) => finding.statement === statement.number && isUnsafe(finding));
    if (against.length === 0) return [];
    const isOnlyQueue = against.every((finding) => isQueue(finding, statement));
    return adviseSafer(shapeOf(statement.sql, dialect), dialect, isOnlyQueue).map((advice) => ({
      statement: statement.number,
      ...advice,
    }));
  });
  const undo = statements
    .filter(({ error, isCancelled }) => error === null && !isCancelled)
    .flatMap(({ number, sql }) =>
      describeUndo(shapeOf(sql, dialect)).map((one) => ({ statement: number, ...one })),
    );
  return { safer, undo, wayBack: statements.length === 0 ? null : describeWayBack(undo, dialect) };
};

const isUnsafe = ({ what }: Finding): boolean => what !== 'error' && what !== 'not measured';

/** Would it be within the limit without the queue? */
const isQueue = ({ what, table, seenMs, limitMs }: Finding, { tables }: StatementMeasured): boolean => {
  if (what === 'unbounded wait') return true;
  if (what !== 'blocked reads' && what !== 'blocked writes') return false;
  const queuedMs = tables.find((one) => one.table === table)?.queuedMs ?? 0;
  return (seenMs ?? 0) - queuedMs <= (limitMs ?? 0);
};
