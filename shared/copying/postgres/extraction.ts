import pg from 'pg';
import { isPostgresMistake } from '../../database/postgres/errors.ts';
import { lendSessions, openSessions } from '../../database/session-pool.ts';
import type { SignIn } from '../../database/sign-in.ts';
import { DrillError, isDrillError } from '../../errors.ts';
import type { SandboxServer } from '../../extraction/sandbox.ts';
import type { ExtractedTable } from '../../extraction/tables.ts';
import type { Copying, Extraction, Limits, Sandbox } from '../port.ts';
import { describeWith } from './describe.ts';
import {
  copyOnce,
  dropLedgerSql,
  hasLedger,
  keepRanges,
  listUnfinished,
  makeLedgerSql,
  readRanges,
  runOnce,
  tellStatement,
} from './ledger.ts';
import { quote } from './names.ts';
import { copySql, cutRanges, readSource, type Source } from './ranges.ts';
import { inTransaction, openSide, type Session, withSide } from './session.ts';
import { commentSql, findStanding, loseSchema, refuseSchema } from './standing.ts';
import { streamRows } from './stream.ts';

/** @param signIns how to sign in at each side */
export const postgresExtraction = (signIns: { copy: SignIn; sandbox: SignIn }): Extraction => {
  const inSandbox = <Answer>(
    { address }: Sandbox,
    limits: Limits,
    use: (session: Session) => Promise<Answer>,
  ): Promise<Answer> => withSide(openSide(address, signIns.sandbox, limits, 'sandbox'), use);

  return {
    describeTables: (copy, request, limits) =>
      withSide(openSide(copy, signIns.copy, limits, 'copy'), (session) => describeWith(session, request)),

    makeSchema: (sandbox, tables, limits) =>
      inSandbox(sandbox, limits, async (session) => {
        const { schema } = sandbox;
        const what = `make schema ${schema}`;
        await inTransaction(session, what, async () => {
          // Whoever comes second waits here, and then finds the schema.
          await session.ask(what, `select pg_advisory_xact_lock(hashtext(${pg.escapeLiteral(schema)}))`);
          const standing = await findStanding(session, sandbox);
          if (standing === 'foreign') throw refuseSchema(schema);
          if (standing !== 'absent') return;
          await session.ask(what, `create schema ${quote(schema)}`);
          await session.ask(what, commentSql(sandbox, 'its rows are being copied'));
          await session.ask(what, makeLedgerSql(schema));
          for (const sql of tables.flatMap(({ before }) => before)) {
            await session.ask(tellStatement(sql), sql).catch(blameSandbox);
          }
        });
      }),

    inspectSandbox: (sandbox, limits) =>
      inSandbox(sandbox, limits, async (session) => {
        const [rights] = await session.ask<Omit<SandboxServer, 'hasSchema'>>(
          'look at the sandbox',
          `select pg_is_in_recovery() as "isReadOnly",
            has_database_privilege(current_database(), 'CREATE') as "mayCreateSchema"`,
        );
        const hasSchema = (await findStanding(session, sandbox)) === 'foreign';
        return { ...(rights ?? { isReadOnly: true, mayCreateSchema: false }), hasSchema };
      }),

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
        const standing = await findStanding(session, sandbox);
        if (standing === 'absent' || standing === 'foreign') throw loseSchema(schema);
        if (!(await hasLedger(session, schema))) return;
        const unfinished = await listUnfinished(session, schema);
        if (unfinished.length > 0) {
          throw new DrillError('UnreadableAnswer', `rows are missing in ${schema}: ${unfinished.join(', ')}`);
        }
        for (const [index, sql] of listLast(tables).entries()) await runOnce(session, schema, index, sql);
        const what = `conclude schema ${schema}`;
        await inTransaction(session, what, async () => {
          await session.ask(what, dropLedgerSql(schema));
          await session.ask(what, commentSql(sandbox, 'it is not verified yet'));
        });
      }),

    markSchema: (sandbox, why, limits) =>
      inSandbox(sandbox, limits, async (session) => {
        const standing = await findStanding(session, sandbox);
        if (standing === 'ours') await session.ask('mark the schema', commentSql(sandbox, why));
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

type Pair = { copy: Session; sandbox: Session; close(): Promise<void> };

const copyBetween = (pairs: readonly Pair[], schema: string): Copying => {
  const borrow = lendSessions(pairs);
  const sources = new Map<string, Promise<Source>>();
  const sourceOf = (session: Session, table: ExtractedTable): Promise<Source> => {
    const known = sources.get(table.table) ?? readSource(session, table);
    sources.set(table.table, known);
    return known;
  };
  let versions: Promise<boolean> | null = null;
  const isAlike = (pair: Pair): Promise<boolean> => {
    versions ??= haveSameVersion(pair);
    return versions;
  };
  return {
    listRanges: (table) =>
      borrow(async ({ copy, sandbox }) => {
        const kept = await readRanges(sandbox, schema, table.table);
        if (kept.length > 0) return kept;
        await keepRanges(sandbox, schema, cutRanges(table, await sourceOf(copy, table)));
        return readRanges(sandbox, schema, table.table);
      }),
    copyRange: (table, range) =>
      borrow(async (pair) => {
        const { copy, sandbox } = pair;
        const source = await sourceOf(copy, table);
        const isBinary = source.isBinary && (await isAlike(pair));
        const what = `copy range ${range.number} of ${table.table}`;
        return copyOnce(sandbox, schema, range, () =>
          streamRows(what, copy, sandbox, copySql(table, source, range, schema, isBinary)),
        );
      }),
    close: async () => {
      await Promise.all(pairs.map((pair) => pair.close()));
    },
  };
};

const haveSameVersion = async ({ copy, sandbox }: Pair): Promise<boolean> => {
  const read = async ({ ask }: Session): Promise<number | undefined> =>
    (
      await ask<{ major: number }>(
        'read the version',
        `select current_setting('server_version_num')::int / 10000 as major`,
      )
    )[0]?.major;
  return (await read(copy)) === (await read(sandbox));
};
