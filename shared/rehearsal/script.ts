import { createHash } from 'node:crypto';
import { DrillError } from '../errors.ts';
import { show } from '../problems.ts';
import { type SqlStatement, splitStatements } from '../sql/statements.ts';
import { type Dialect, shapeOf } from '../sql/tokens.ts';
import { readLockTimeouts } from './lock-timeouts.ts';
import { type Refusal, refuse } from './refusals.ts';
import { listSettings } from './settings.ts';
import { findOpenTransaction, findTransactions } from './transactions.ts';

/** A script has so many bytes and statements at most: all that is measured of them has to fit in the state data. */
export const maxScriptBytes = 262_144;
export const maxStatements = 200;

/**
 * One statement to run, alone. `transaction`: that of the script which it is in, from 1; null if it is one of its own.
 * `lockTimeoutMs`: how long it waits for a lock at most; null if the script sets no limit.
 */
export type ScriptStatement = {
  number: number;
  line: number;
  sql: string;
  transaction: number | null;
  lockTimeoutMs: number | null;
};

export type ChangeScript = {
  statements: ScriptStatement[];
  /** The last one that the script sets; null if none. */
  lockTimeoutMs: number | null;
  /** Names without a schema may then be those of any. */
  setsSearchPath: boolean;
  /** What readers of the verdict should know, in sentences. */
  notes: string[];
};

/**
 * Reads the statements of a change, and refuses what a rehearsal does not run, all at once.
 * @param texts one script, or statements that follow each other; lines are counted through all of them
 * @throws DrillError ChangeRefused
 */
export const readScript = (texts: readonly string[], dialect: Dialect): ChangeScript => {
  const found = listStatements(texts, dialect);
  const shapes = found.map(({ sql }) => shapeOf(sql, dialect));
  const problems = listProblems(found, shapes, dialect);
  if (problems.length > 0) throw refuseChange(problems);
  const sqls = found.map(({ sql }) => sql);
  const timeouts = readLockTimeouts(sqls, dialect);
  const transactions = findTransactions(shapes, dialect);
  const statements = found.map(({ sql, line }, index) => ({
    number: index + 1,
    line,
    sql,
    transaction: transactions[index]?.transaction ?? null,
    lockTimeoutMs: timeouts[index] ?? null,
  }));
  const settings = sqls.map((sql) => listSettings(sql, dialect));
  return {
    statements,
    lockTimeoutMs: timeouts.findLast((timeout) => timeout !== null) ?? null,
    setsSearchPath: settings.flat().some(({ name }) => name === 'search_path'),
    notes: found.flatMap(({ line }, index) =>
      [transactions[index]?.note ?? null, ...(settings[index] ?? []).map(({ name }) => settingNotes[name])]
        .filter((note) => typeof note === 'string')
        .map((note) => `Line ${line}: ${note}.`),
    ),
  };
};

/** What a script may set, and a reader should know. */
const settingNotes: Record<string, string | undefined> = {
  session_replication_role:
    'triggers and foreign keys are off from here on, as session_replication_role says',
  foreign_key_checks: 'foreign keys may be off from here on, as foreign_key_checks says',
  innodb_lock_wait_timeout:
    'innodb_lock_wait_timeout limits the wait for rows alone; for tables it is lock_wait_timeout',
};

const listStatements = (texts: readonly string[], dialect: Dialect): SqlStatement[] => {
  let lines = 0;
  return texts.flatMap((text) => {
    const before = lines;
    lines += text.split('\n').length;
    return [...splitStatements(text, dialect)].map((one) => ({ ...one, line: before + one.line }));
  });
};

const maxShownSql = 60;

const listProblems = (found: SqlStatement[], shapes: string[], dialect: Dialect): string[] => {
  if (found.length === 0) return ['expected at least one statement, and there is none: add the change'];
  if (found.length > maxStatements)
    return [`expected ${maxStatements} statements at most, seen ${found.length}: rehearse it in parts`];
  const open = findOpenTransaction(shapes, dialect);
  return [
    ...found.flatMap(({ sql, line }) => {
      const refusal: Refusal | null = refuse(sql, dialect);
      if (refusal === null) return [];
      const seen = show(sql.replace(/\s+/g, ' '), maxShownSql);
      return [`line ${line}: ${refusal.what}, seen ${seen}: ${refusal.toDo}`];
    }),
    ...(open === null
      ? []
      : [`line ${found[open]?.line}: a transaction begins here and never ends: add commit where it should`]),
  ];
};

const refuseChange = (problems: readonly string[]): DrillError =>
  new DrillError('ChangeRefused', `the change cannot be rehearsed:\n  ${problems.join('\n  ')}`);

/**
 * The text of a script.
 * @param sha256 what its bytes must hash to, in hex; null: it is what it is
 * @throws DrillError ChangeRefused
 */
export const decodeScript = (bytes: Uint8Array, sha256: string | null): string => {
  const seen = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== null && seen !== sha256)
    throw refuseChange([`expected a script with the SHA-256 ${sha256}, seen ${seen}: name the one you mean`]);
  if (bytes.byteLength > maxScriptBytes)
    throw refuseChange([
      `expected a script of ${maxScriptBytes} bytes at most, seen ${bytes.byteLength}: rehearse it in parts`,
    ]);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuseChange(['expected a script in UTF-8, seen bytes that are none: save it as UTF-8']);
  }
};
