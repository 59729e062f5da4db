import { type Dialect, shapeOf } from '../sql/tokens.ts';
import { listSettings, type Setting } from './settings.ts';
import { findTransactions, isEnd, isRollback } from './transactions.ts';

const settingNames: Record<Dialect, string> = { postgres: 'lock_timeout', mysql: 'lock_wait_timeout' };

const unitMs: Record<string, number> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * PostgreSQL takes milliseconds or a unit, and rounds them; MySQL takes whole seconds. Null: none, and what cannot be read.
 */
const readTimeout = (value: string | null, dialect: Dialect): number | null => {
  const [, amount, unit = dialect === 'postgres' ? 'ms' : 's'] =
    /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(value ?? '')?.map((part) => part || undefined) ?? [];
  const ms = Number(amount) * (unitMs[unit] ?? Number.NaN);
  if (Number.isNaN(ms)) return null;
  // In PostgreSQL 0 is no limit. In MariaDB it is no wait, but MySQL makes a second of it.
  if (dialect === 'mysql') return Math.max(1000, ms);
  return ms <= 0.5 ? null : ms;
};

/** Where a clause can stand, so that no column of its name is taken for it. */
const clauses: Record<Dialect, RegExp[]> = {
  postgres: [/^lock\b.* (nowait)$/],
  // Of MariaDB: ALTER TABLE t WAIT 2 ..., CREATE INDEX i ON t (a) NOWAIT.
  mysql: [
    /^alter (?:online )?(?:ignore )?table (?:if exists )?[^ ]+(?: \. [^ ]+)? (nowait|wait (\d+))\b/,
    /^create\b.* index\b.* \) (nowait|wait (\d+))\b/,
    /^(?:drop|optimize|rename|truncate)\b.*? (nowait|wait (\d+))\b/,
  ],
};

/** NOWAIT is 0. */
const readClause = (shape: string, dialect: Dialect): number | undefined => {
  const [, clause, seconds = '0'] =
    clauses[dialect].map((pattern) => pattern.exec(shape)).find((found) => found !== null) ?? [];
  return clause === undefined ? undefined : Number(seconds) * 1000;
};

const savepoint = /^savepoint ([^ ]+)/;
const backToSavepoint = /^(?:rollback|abort)\b.* to (?:savepoint )?([^ ]+)/;

type Timeouts = { session: number | null; ofTransaction: number | null | undefined };

/**
 * How long each statement waits for a lock at most, as the script says, in milliseconds. Null: without end, as far as the
 * script goes. The server's own default is not known here.
 */
export const readLockTimeouts = (statements: readonly string[], dialect: Dialect): (number | null)[] => {
  const shapes = statements.map((sql) => shapeOf(sql, dialect));
  const transactions = findTransactions(shapes, dialect);
  let session: number | null = null;
  let beforeTransaction: number | null = null;
  let ofTransaction: number | null | undefined;
  const saved = new Map<string, Timeouts>();
  return statements.map((sql, index) => {
    const shape = shapes[index] ?? '';
    const set = readOwn(sql, dialect);
    if (transactions[index]?.transaction !== (transactions[index - 1]?.transaction ?? null)) {
      beforeTransaction = session;
      ofTransaction = undefined;
    }
    if (set.session !== undefined) {
      session = set.session;
      ofTransaction = undefined;
    }
    const isInTransaction = transactions[index]?.transaction !== null;
    if (isInTransaction && set.transaction !== undefined) ofTransaction = set.transaction;
    // PostgreSQL: what was set in a transaction, or since a savepoint, is undone with it.
    const [, point] = savepoint.exec(shape) ?? [];
    if (point !== undefined) saved.set(point, { session, ofTransaction });
    const [, back] = backToSavepoint.exec(shape) ?? [];
    if (back !== undefined && dialect === 'postgres')
      ({ session, ofTransaction } = saved.get(back) ?? {
        session: beforeTransaction,
        ofTransaction: undefined,
      });
    if (isRollback(shape) && dialect === 'postgres') session = beforeTransaction;
    if (isEnd(shape)) ofTransaction = undefined;
    const general = ofTransaction === undefined ? session : ofTransaction;
    return set.statement ?? readClause(shape, dialect) ?? general;
  });
};

/** What a statement sets the timeout to, by scope; undefined where it sets none. */
const readOwn = (sql: string, dialect: Dialect): Partial<Record<Setting['scope'], number | null>> =>
  Object.fromEntries(
    listSettings(sql, dialect)
      .filter(({ name }) => name === settingNames[dialect])
      .map(({ scope, value }) => [scope, readTimeout(value, dialect)]),
  );
