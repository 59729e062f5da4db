import pg from 'pg';
import { isPostgresMistake } from '../../database/postgres/errors.ts';
import type { SignIn } from '../../database/sign-in.ts';
import { DrillError, isDrillError } from '../../errors.ts';
import type { SandboxServer } from '../../extraction/sandbox.ts';
import type { ExtractedTable } from '../../extraction/tables.ts';
import { copyBetween, type Ways } from '../between.ts';
import { assertAllCopied } from '../ledger.ts';
import type { Extraction } from '../port.ts';
import { refuseForeign, refuseLost } from '../refusals.ts';
import { inTransaction, type Pair, sessionsOf } from '../sides.ts';
import { describeWith } from './describe.ts';
import {
  dropLedgerSql,
  hasLedger,
  keepRanges,
  ledgerOf,
  makeLedgerSql,
  runOnce,
  tellStatement,
} from './ledger.ts';
import { quote } from './names.ts';
import { copySql, cutRanges, readSource, type Source } from './ranges.ts';
import { openSide, type Session } from './session.ts';
import { commentSql, findStanding } from './standing.ts';
import { streamRows } from './stream.ts';

/** @param signIns how to sign in at each side */
export const postgresExtraction = (signIns: { copy: SignIn; sandbox: SignIn }): Extraction => {
  const { inCopy, inSandbox, openPairs } = sessionsOf((side, address, limits) =>
    openSide(side, address, signIns[side], limits),
  );
  return {
    describeTables: (copy, request, limits) =>
      inCopy(copy, limits, (session) => describeWith(session, request)),

    makeSchema: (sandbox, tables, limits) =>
      inSandbox(sandbox, limits, async (session) => {
        const { schema } = sandbox;
        const what = `make schema ${schema}`;
        await inTransaction(session, what, async () => {
          // Whoever comes second waits here, and then finds the schema.
          await session.query(what, `select pg_advisory_xact_lock(hashtext(${pg.escapeLiteral(schema)}))`);
          const standing = await findStanding(session, sandbox);
          if (standing === 'foreign') throw refuseForeign('schema', schema);
          if (standing !== 'absent') return;
          await session.query(what, `create schema ${quote(schema)}`);
          await session.query(what, commentSql(sandbox, 'its rows are being copied'));
          await session.query(what, makeLedgerSql(ledgerOf(schema)));
          for (const sql of tables.flatMap(({ before }) => before)) {
            await session.query(tellStatement(sql), sql).catch(blameSandbox);
          }
        });
      }),

    inspectSandbox: (sandbox, limits) =>
      inSandbox(sandbox, limits, async (session) => {
        const [rights] = await session.query<Omit<SandboxServer, 'hasSchema'>>(
          'look at the sandbox',
          `select pg_is_in_recovery() as "isReadOnly",
            has_database_privilege(current_database(), 'CREATE') as "mayCreateSchema"`,
        );
        const hasSchema = (await findStanding(session, sandbox)) === 'foreign';
        return { ...(rights ?? { isReadOnly: true, mayCreateSchema: false }), hasSchema };
      }),

    openCopying: async (copy, sandbox, limits) => {
      const { schema } = sandbox;
      return copyBetween(await openPairs(copy, sandbox, limits), ledgerOf(schema), waysInto(schema));
    },

    finish: (sandbox, tables, limits) =>
      inSandbox(sandbox, limits, async (session) => {
        const { schema } = sandbox;
        const ledger = ledgerOf(schema);
        const standing = await findStanding(session, sandbox);
        if (standing === 'absent' || standing === 'foreign') throw refuseLost(`schema ${schema}`);
        if (!(await hasLedger(session, ledger))) return;
        await assertAllCopied(session, ledger);
        for (const [index, sql] of listLast(tables).entries()) await runOnce(session, ledger, index, sql);
        const what = `conclude schema ${schema}`;
        await inTransaction(session, what, async () => {
          await session.query(what, dropLedgerSql(ledger));
          await session.query(what, commentSql(sandbox, 'it is not verified yet'));
        });
      }),

    markSchema: (sandbox, why, limits) =>
      inSandbox(sandbox, limits, async (session) => {
        const standing = await findStanding(session, sandbox);
        if (standing === 'ours') await session.query('mark the schema', commentSql(sandbox, why));
      }),
  };
};

/** The copy could make it, so something is missing here. */
const blameSandbox = (error: unknown): never => {
  const cause = (isDrillError(error) ? error.cause : null) as { code?: string } | null;
  // 3F000: there is no such schema.
  if (!isDrillError(error) || cause === null || !(isPostgresMistake(cause) || cause.code === '3F000'))
    throw error;
  throw new DrillError('SandboxRefused', error.summary, {
    hint: 'nothing was written; install what the sandbox lacks, such as an extension, in the same schema as in the copy',
    cause: error,
  });
};

/** Foreign keys come last: until then, the other table may lack its key. */
const listLast = (tables: readonly ExtractedTable[]): string[] => [
  ...tables.flatMap(({ after }) => after),
  ...tables.flatMap(({ foreignKeys }) => foreignKeys),
];

const waysInto = (schema: string): Ways<Session> => {
  const sources = new Map<string, Promise<Source>>();
  const sourceOf = (session: Session, table: ExtractedTable): Promise<Source> => {
    const known = sources.get(table.table) ?? readSource(session, table);
    sources.set(table.table, known);
    return known;
  };
  let versions: Promise<boolean> | null = null;
  const isAlike = (pair: Pair<Session>): Promise<boolean> => {
    versions ??= haveSameVersion(pair);
    return versions;
  };
  return {
    cutRanges: async (copy, table) => cutRanges(table, await sourceOf(copy, table)),
    keepRanges: (sandbox, ranges) => keepRanges(sandbox, ledgerOf(schema), ranges),
    copyRows: async (what, pair, table, range) => {
      const source = await sourceOf(pair.copy, table);
      const isBinary = source.isBinary && (await isAlike(pair));
      return streamRows(what, pair.copy, pair.sandbox, copySql(table, source, range, schema, isBinary));
    },
  };
};

const haveSameVersion = async ({ copy, sandbox }: Pair<Session>): Promise<boolean> => {
  const read = async ({ query }: Session): Promise<number | undefined> =>
    (
      await query<{ major: number }>(
        'read the version',
        `select current_setting('server_version_num')::int / 10000 as major`,
      )
    )[0]?.major;
  return (await read(copy)) === (await read(sandbox));
};
