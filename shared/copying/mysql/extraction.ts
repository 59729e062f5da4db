import { quoteName } from '../../database/mysql/names.ts';
import { lendSessions, openSessions } from '../../database/session-pool.ts';
import type { SignIn } from '../../database/sign-in.ts';
import { DrillError, isDrillError } from '../../errors.ts';
import type { ExtractedTable } from '../../extraction/tables.ts';
import type { Copying, Extraction, Limits, Sandbox } from '../port.ts';
import { describeWith } from './describe.ts';
import { inspectServer } from './inspection.ts';
import {
  commentSql,
  copyOnce,
  findStanding,
  keepRanges,
  listUnfinished,
  makeLedgerSql,
  readRanges,
  textInSql,
} from './ledger.ts';
import { copySql, cutRanges, readSources, type Sources } from './ranges.ts';
import { copyRows, readLargest } from './rows.ts';
import { openSide, type Session, withSide } from './session.ts';

/**
 * Statements that define something commit by themselves, so each may have been run before it was cut off.
 * @param signIns how to sign in at each side
 */
export const mysqlExtraction = (signIns: { copy: SignIn; sandbox: SignIn }): Extraction => {
  const inSandbox = <Answer>(
    { address }: Sandbox,
    limits: Limits,
    use: (session: Session) => Promise<Answer>,
  ): Promise<Answer> => withSide(openSide(address, signIns.sandbox, limits, 'sandbox'), use);

  return {
    describeTables: (copy, request, limits) =>
      withSide(openSide(copy, signIns.copy, limits, 'copy'), (session) =>
        describeWith(session, request, copy.database),
      ),

    makeSchema: (sandbox, tables, limits) =>
      inSandbox(sandbox, limits, async (session) => {
        const { schema } = sandbox;
        const what = `make database ${schema}`;
        await takeTurn(session, schema, limits);
        const standing = await findStanding(session, sandbox);
        if (standing === 'foreign') throw refuseDatabase(schema);
        if (standing === 'finished') return;
        if (standing === 'absent') await session.query(what, `create database ${quoteName(schema)}`);
        if (standing !== 'ours')
          await session.query(what, makeLedgerSql(sandbox, 'its rows are being copied'));
        for (const { table, before } of tables) {
          for (const sql of before) await session.query(`make ${table}`, sql).catch(blameSandbox(schema));
        }
      }),

    inspectSandbox: (sandbox, limits) =>
      inSandbox(sandbox, limits, async (session) => ({
        ...(await inspectServer(session, sandbox.schema)),
        hasSchema: (await findStanding(session, sandbox)) === 'foreign',
      })),

    openCopying: async (copy, { address, schema }, { sessions, ...limits }) => {
      const open = async (): Promise<Pair> => {
        const reading = await openSide(copy, signIns.copy, limits, 'copy');
        const writing = await openSide(address, signIns.sandbox, limits, 'sandbox').catch(async (error) => {
          await reading.close();
          throw error;
        });
        return {
          copy: reading,
          sandbox: writing,
          close: async () => void (await Promise.all([reading.close(), writing.close()])),
        };
      };
      return copyBetween(await openSessions(sessions, open), schema);
    },

    finish: (sandbox, tables, limits) =>
      inSandbox(sandbox, limits, async (session) => {
        const { schema } = sandbox;
        await takeTurn(session, schema, limits);
        const standing = await findStanding(session, sandbox);
        if (standing === 'finished') return;
        if (standing !== 'ours') throw loseDatabase(schema);
        const unfinished = await listUnfinished(session, schema);
        if (unfinished.length > 0)
          throw new DrillError('UnreadableAnswer', `rows are missing in ${schema}: ${unfinished.join(', ')}`);
        for (const { table, after } of tables) {
          for (const sql of after) await runOnce(session, `make keys of ${table}`, sql);
        }
        for (const { table, foreignKeys } of tables) {
          for (const sql of foreignKeys) await runOnce(session, `make foreign keys of ${table}`, sql);
        }
        await session.query(`conclude database ${schema}`, commentSql(sandbox, 'it is not verified yet'));
      }),

    markSchema: (sandbox, why, limits) =>
      inSandbox(sandbox, limits, async (session) => {
        const standing = await findStanding(session, sandbox);
        if (standing === 'ours' || standing === 'finished')
          await session.query('mark the database', commentSql(sandbox, why));
      }),
  };
};

/** Whoever comes second waits here until the first has closed its session. */
const takeTurn = async ({ query }: Session, schema: string, { remainingMs }: Limits): Promise<void> => {
  const what = `wait for others at work in ${schema}`;
  const seconds = Math.max(0, Math.floor(remainingMs() / 1000) - 1);
  const [turn] = await query<{ taken: string | null }>(
    what,
    `select get_lock(${textInSql(schema)}, ${seconds}) as taken`,
  );
  if (turn?.taken !== '1') throw new DrillError('OutOfTime', `${what}: no time was left`);
};

const refuseDatabase = (schema: string): DrillError =>
  new DrillError('SandboxRefused', `the sandbox has a database ${schema} that is not of this extract`, {
    hint: 'nothing was written; find out who made it, and start the extract again',
  });

const loseDatabase = (schema: string): DrillError =>
  new DrillError('DatabaseFailure', `the sandbox no longer has the database ${schema} of this extract`, {
    hint: 'find out who dropped it, and start the extract again',
  });

/** The copy could make it, so something is missing here. */
const blameSandbox =
  (schema: string) =>
  (error: unknown): never => {
    if (!isDrillError(error, 'DatabaseFailure')) throw error;
    throw new DrillError('SandboxRefused', error.summary, {
      hint: `no row was written; drop database ${schema}, and choose a sandbox that has what the copy has`,
      cause: error,
    });
  };

/** ER_DUP_KEYNAME, ER_FK_DUP_NAME; MariaDB says ER_CANT_CREATE_TABLE with errno 121 for a foreign key. */
const isMade = ({ errno, message = '' }: { errno?: number; message?: string }): boolean =>
  errno === 1061 || errno === 1826 || (errno === 1005 && message.includes('errno: 121'));

/** Keys of one statement are there together or not at all, so the first that is there already tells of all. */
const runOnce = async ({ query }: Session, what: string, sql: string): Promise<void> => {
  try {
    await query(what, sql);
  } catch (error) {
    if (!isDrillError(error) || !isMade((error.cause ?? {}) as Error)) throw error;
  }
};

type Pair = { copy: Session; sandbox: Session; close(): Promise<void> };

const copyBetween = (pairs: readonly Pair[], schema: string): Copying => {
  const borrow = lendSessions(pairs);
  let known: Promise<Sources> | null = null;
  const sourceOf = async (session: Session, table: ExtractedTable) => {
    known ??= readSources(session);
    return (await known)(table);
  };
  let largest: Promise<number> | null = null;
  return {
    listRanges: (table) =>
      borrow(async ({ copy, sandbox }) => {
        const kept = await readRanges(sandbox, schema, table.table);
        if (kept.length > 0) return kept;
        const ranges = await cutRanges(copy, table, await sourceOf(copy, table));
        await keepRanges(sandbox, schema, ranges);
        return readRanges(sandbox, schema, table.table);
      }),
    copyRange: (table, range) =>
      borrow(async ({ copy, sandbox }) => {
        largest ??= readLargest(sandbox);
        const way = { ...copySql(table, await sourceOf(copy, table), range, schema), largest: await largest };
        const what = `copy range ${range.number} of ${table.table}`;
        return copyOnce(sandbox, schema, range, () => copyRows(what, copy, sandbox, way));
      }),
    close: async () => {
      await Promise.all(pairs.map((pair) => pair.close()));
    },
  };
};
