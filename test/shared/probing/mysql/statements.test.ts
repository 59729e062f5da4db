import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import type { StatementMeasured } from '../../../../shared/rehearsal/measured.ts';
import { describeMariadb, type TestMariadb } from '../../database/mysql/fixture.ts';
import { statementOf, tableOf } from '../postgres/fixture.ts';
import { rehearse, settings } from './fixture.ts';
import { type Changed, changes, setup } from './statements.ts';

const rows = 40_000;
/** Each of these databases runs all statements. Every one is measured in one of them, behind a transaction. */
const queues = ['shop1', 'shop2', 'shop3', 'shop4'];
const contenderMs = 500;

const seen = new Map<string, { working: StatementMeasured; queueing: StatementMeasured }>();
let version: string;

const tablesOf = ({ table, with: other }: Pick<Changed, 'table' | 'with'>, database = 'shop'): string[] =>
  [table, ...(other === undefined ? [] : [other])].map((name) => `${database}.${name}`);

const runIn = (server: TestMariadb, database: string): TestMariadb => ({
  ...server,
  address: { ...server.address, database },
});

const queueIn = async (server: TestMariadb, database: string): Promise<Map<string, StatementMeasured>> => {
  const found = new Map<string, StatementMeasured>();
  for (const [index, { sql, ...one }] of changes.entries()) {
    if (index % queues.length !== queues.indexOf(database)) {
      await server.run(`use ${database}; ${sql}`);
      continue;
    }
    const said = { sql, tables: tablesOf(one, database) };
    const options = { contenderSeconds: contenderMs / 1000 };
    found.set(sql, statementOf(await rehearse(runIn(server, database), [said], options), 1));
  }
  return found;
};

/** @param ms how long a wait counts at least */
const tellWaits = (statement: StatementMeasured, table: string, ms: number): Changed['works'] => {
  const { blockedRead, blockedWrite } = tableOf(statement, table);
  if (blockedRead.longestMs >= ms) return 'all';
  return blockedWrite.longestMs >= ms ? 'writes' : '-';
};

/** Others are over at once, on any number of rows. A busy machine may make that long. */
const worksOnRows = (sql: string, isRewritten: boolean): boolean =>
  isRewritten || /^(update|delete|create \w+ index|alter table users add index)/.test(sql);

const describeSeen = ({ sql, table, with: also }: Changed): Changed => {
  const found = seen.get(sql);
  if (found === undefined) throw new Error(`not run: ${sql}`);
  const { working, queueing } = found;
  const queued = queueing.tables.find((one) => one.table.endsWith(`.${table}`))?.table ?? '';
  const took = (working.algorithm?.took ?? '-') as Changed['took'];
  const rewrites = tableOf(working, `shop.${table}`).isRewritten === true;
  const longMs = Math.max(40, (working.toMs - working.fromMs) * 0.75);
  return {
    sql,
    table,
    ...(also === undefined ? {} : { with: also }),
    took,
    rewrites,
    works: worksOnRows(sql, rewrites) ? tellWaits(working, `shop.${table}`, longMs) : '-',
    queues: tellWaits(queueing, queued, contenderMs * 0.4),
  };
};

const isAsSaid = (one: Changed): boolean => {
  const { working, queueing } = seen.get(one.sql) ?? {};
  return working?.error === null && queueing?.error === null && isDeepStrictEqual(describeSeen(one), one);
};

const measureAll = async (server: TestMariadb): Promise<void> => {
  for (const [database, count] of [['shop', rows], ...queues.map((queue) => [queue, 100] as const)] as const)
    await server.run(
      `drop database if exists ${database}; create database ${database}; use ${database}; ${setup(count)}`,
    );
  const said = changes.map(({ sql, ...one }) => ({ sql, tables: tablesOf(one) }));
  const working = await rehearse(server, said);
  version = working.serverVersion;
  const queueing = await Promise.all(queues.map((database) => queueIn(server, database)));
  for (const [index, { sql }] of changes.entries()) {
    const behind = queueing[index % queues.length]?.get(sql);
    if (behind !== undefined) seen.set(sql, { working: statementOf(working, index + 1), queueing: behind });
  }
};

describeMariadb('statements of MariaDB', (start) => {
  // A busy machine makes a short wait long now and then, and never three times the same.
  beforeAll(async () => {
    const server = await start(settings);
    for (let tries = 0; tries < 3 && !changes.every(isAsSaid); tries++) await measureAll(server);
  }, 300_000);

  test.each(changes)('$sql: its algorithm, what it does to the rows, and who waits', (one) => {
    const { working, queueing } = seen.get(one.sql) ?? {};
    expect([working?.error, queueing?.error]).toEqual([null, null]);
    expect(describeSeen(one)).toEqual(one);
  });

  test('docs/changes-mysql.md is what was seen here', async () => {
    const lines = changes
      .map(describeSeen)
      .map(({ sql, table, took, rewrites, works, queues: behind }) =>
        [`\`${sql}\``, table, took, rewrites ? 'yes' : '-', works, behind].join(' | '),
      );
    const page = [columns.join(' | '), columns.map(() => '---').join('|'), ...lines].map(
      (line) => `| ${line} |`,
    );
    await expect(`${intro(version)}${page.join('\n')}\n`).toMatchFileSnapshot(
      '../../../../docs/changes-mysql.md',
    );
  });
});

const columns = ['statement', 'table', 'algorithm', 'rewrites', 'waits while it works', 'waits behind it'];

const intro = (server: string) => `# What changes of MySQL do

Each statement was run on MariaDB ${server.split('-')[0]}, the MySQL of this machine, on a table of ${rows.toLocaleString('en')} rows, one after the other, as a
[rehearsal](rehearse.md) runs it; the test that does so writes this page. Aurora MySQL does some of them by another algorithm: rehearse yours.

- **algorithm**: INSTANT changes the definition alone. INPLACE reads the rows, and may write them anew. COPY writes them anew into another table.
- **rewrites**: whether every row is written anew.
- **waits while it works**: who does while it works on the rows. With an UPDATE these are writes of the same rows alone.
- **waits behind it**: who does while the statement itself waits for a transaction that has merely read the table. Only lock_wait_timeout ends that.

`;
