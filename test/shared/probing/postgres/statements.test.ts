import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Blocked, StatementMeasured } from '../../../../shared/rehearsal/measured.ts';
import { type PostgresFixture, startPostgres } from '../../database/postgres/fixture.ts';
import { rehearse, type Said, sessionsOf, statementOf, tableOf } from './fixture.ts';
import { type Changed, changes, rows, setup } from './statements.ts';

/** How long locks are held at least, so that whoever has to wait is seen waiting. */
const holdMs = 100;

const nameTable = ({ table = 'users' }: Changed): string => `public.${table}`;
const toSaid = (one: Changed): Said => ({ sql: one.sql, tables: [nameTable(one)] });

const [bare, rolledBack] = [changes.filter((one) => one.isBare), changes.filter((one) => !one.isBare)];

/** What each statement did, by its text. */
const seen = new Map<string, StatementMeasured>();
let postgres: PostgresFixture;
let version: string;

const inTransactions = (some: readonly Changed[], seconds: number): Said[] =>
  some.flatMap((one) => [
    { sql: 'begin' },
    toSaid(one),
    { sql: `select pg_sleep(${seconds})` },
    { sql: 'rollback' },
  ]);

/** A session counts the last rows that it has read when it ends, and the next statement would be told to have read them. */
const untilCounted = async (): Promise<void> => {
  while ((await sessionsOf(postgres)).length > 0) await sleep(20);
};

beforeAll(async () => {
  postgres = await startPostgres({ settings: { max_connections: '100' } });
  for (const sql of setup) await postgres.asOwner(sql);
  const measured = await rehearse(postgres, inTransactions(rolledBack, holdMs / 1000));
  version = measured.serverVersion;
  for (const statement of measured.statements) seen.set(statement.sql, statement);
  for (const one of rolledBack) {
    if (isAsSaid(one)) continue;
    // On a busy machine a probe may come late.
    const again = await rehearse(postgres, inTransactions([one], 2));
    seen.set(one.sql, statementOf(again, 2));
  }
  for (const one of bare) {
    await untilCounted();
    // Some of them are over at once, unless they wait for another transaction, or for their own sake.
    const slow = [{ sql: `set vacuum_cost_delay = '20ms'` }, toSaid(one)];
    seen.set(one.sql, statementOf(await rehearse(postgres, slow, { contenderSeconds: 0.3 }), 2));
  }
});
afterAll(() => postgres?.close());

const modes = [
  'AccessShare',
  'RowShare',
  'RowExclusive',
  'ShareUpdateExclusive',
  'Share',
  'ShareRowExclusive',
  'Exclusive',
  'AccessExclusive',
] as const;

/** The strongest lock of each relation, without `Lock` and `public.`. */
const readLocks = ({ locks }: StatementMeasured): Map<string, (typeof modes)[number]> =>
  new Map(
    modes.flatMap((mode) =>
      locks
        .filter((lock) => lock.mode === `${mode}Lock`)
        .map(({ relation }) => [relation.replace('public.', ''), mode] as const),
    ),
  );

const keepsWritesOut = (mode: (typeof modes)[number]): boolean =>
  modes.indexOf(mode) >= modes.indexOf('Share');
const isWaiting = ({ longestMs }: Blocked): boolean => longestMs >= holdMs / 2;

const describeSeen = ({ sql, table = 'users', isBare }: Changed) => {
  const statement = seen.get(sql);
  if (statement === undefined) throw new Error(`not run: ${sql}`);
  const { blockedRead, blockedWrite, isRewritten, rowsScanned } = tableOf(statement, `public.${table}`);
  const { [table]: lock = '-', ...others } = Object.fromEntries(readLocks(statement));
  return {
    sql,
    table,
    lock,
    does: isRewritten ? 'rewrites all' : (rowsScanned ?? 0) >= rows ? 'reads all' : '-',
    waits: isWaiting(blockedRead) ? 'all' : isWaiting(blockedWrite) ? 'writes' : '-',
    others: Object.entries(others)
      .filter(([, mode]) => keepsWritesOut(mode))
      .map(([relation, mode]) => `${mode} of ${relation}`)
      .sort(),
    isBare,
  };
};

const toSeen = (one: Changed) => ({ table: 'users', others: [], isBare: undefined, ...one });
const isAsSaid = (one: Changed): boolean => isDeepStrictEqual(describeSeen(one), toSeen(one));

test.each(changes)('$sql: its lock, what it does to the rows, and who waits', (one) => {
  expect(seen.get(one.sql)?.error).toBeNull();
  expect(describeSeen(one)).toEqual(toSeen(one));
});

const intro = (server: string) => `# What changes of PostgreSQL do

Each statement was run on PostgreSQL ${server} on a table of 20,000 rows, as a rehearsal runs it; the test that does so writes this page.
A lock is held until the end of the transaction. While the statement waits for its lock, because somebody reads the table in a long
transaction, others already wait behind it.

- **lock**: the strongest that it takes of the table. From ShareLock on it keeps writes out, and AccessExclusiveLock reads too.
- **rows**: whether it reads every row, or writes every row anew, with the lock held.
- **waits**: who does. With RowExclusiveLock these are writes of the same rows alone.

`;

const columns = ['statement', 'table', 'lock', 'rows', 'waits', 'locks others too'];

test('docs/changes-postgres.md is what was seen here', async () => {
  const lines = changes
    .map(describeSeen)
    .map(({ sql, table, lock, does, waits, others }) =>
      [`\`${sql}\``, table, lock, does, waits, others.join(', ') || '-'].join(' | '),
    );
  const table = [columns.join(' | '), columns.map(() => '---').join('|'), ...lines].map(
    (line) => `| ${line} |`,
  );
  const page = `${intro(version.split('.')[0] ?? version)}${table.join('\n')}\n`;
  await expect(page).toMatchFileSnapshot('../../../../docs/changes-postgres.md');
});
