import { quoteName } from '../../database/mysql/names.ts';
import type { SignIn } from '../../database/sign-in.ts';
import { DrillError, isDrillError } from '../../errors.ts';
import type { ExtractedTable } from '../../extraction/tables.ts';
import { copyBetween, type Ways } from '../between.ts';
import { assertAllCopied } from '../ledger.ts';
import type { Extraction, Limits } from '../port.ts';
import { refuseForeign, refuseLost } from '../refusals.ts';
import { sessionsOf } from '../sides.ts';
import { describeWith } from './describe.ts';
import { inspectServer } from './inspection.ts';
import { commentSql, findStanding, keepRanges, ledgerOf, makeLedgerSql, textInSql } from './ledger.ts';
import { copySql, cutRanges, readSources, type Sources } from './ranges.ts';
import { copyRows, readLargest } from './rows.ts';
import { openSide, type Session } from './session.ts';

/**
 * Statements that define something commit by themselves, so each may have been run before it was cut off.
 * @param signIns how to sign in at each side
 */
export const mysqlExtraction = (signIns: { copy: SignIn; sandbox: SignIn }): Extraction => {
  const { inCopy, inSandbox, openPairs } = sessionsOf((side, address, limits) =>
    openSide(side, address, signIns[side], limits),
  );
  return {
    describeTables: (copy, request, limits) =>
      inCopy(copy, limits, (session) => describeWith(session, request, copy.database)),

    makeSchema: (sandbox, tables, limits) =>
      inSandbox(sandbox, limits, async (session) => {
        const { schema } = sandbox;
        const what = `make database ${schema}`;
        await takeTurn(session, schema, limits);
        const standing = await findStanding(session, sandbox);
        if (standing === 'foreign') throw refuseForeign('database', schema);
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

    openCopying: async (copy, sandbox, limits) => {
      const { schema } = sandbox;
      return copyBetween(await openPairs(copy, sandbox, limits), ledgerOf(schema), waysInto(schema));
    },

    finish: (sandbox, tables, limits) =>
      inSandbox(sandbox, limits, async (session) => {
        const { schema } = sandbox;
        await takeTurn(session, schema, limits);
        const standing = await findStanding(session, sandbox);
        if (standing === 'finished') return;
        if (standing !== 'ours') throw refuseLost(`database ${schema}`);
        await assertAllCopied(session, ledgerOf(schema));
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

const waysInto = (schema: string): Ways<Session> => {
  let known: Promise<Sources> | null = null;
  const sourceOf = async (session: Session, table: ExtractedTable) => {
    known ??= readSources(session);
    return (await known)(table);
  };
  let largest: Promise<number> | null = null;
  return {
    cutRanges: async (copy, table) => cutRanges(copy, table, await sourceOf(copy, table)),
    keepRanges: (sandbox, ranges) => keepRanges(sandbox, ledgerOf(schema), ranges),
    copyRows: async (what, { copy, sandbox }, table, range) => {
      largest ??= readLargest(sandbox);
      const way = copySql(table, await sourceOf(copy, table), range, schema);
      return copyRows(what, copy, sandbox, { ...way, largest: await largest });
    },
  };
};
