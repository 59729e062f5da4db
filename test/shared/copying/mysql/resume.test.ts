import { inspect } from 'node:util';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { copyTables } from '../../../../shared/copying/run.ts';
import type { CopyRange, ExtractedTable } from '../../../../shared/extraction/tables.ts';
import { describeMariadb } from '../../database/mysql/fixture.ts';
import { about, asked, limits, remainingMs, schema, withCopying } from '../sides.ts';
import { dropSchema, prove, startTwoSides, type TwoSides } from './fixture.ts';

const rows = 40_000;
const names = ['shop.orders', 'shop.log'];
const ledger = 'aurora_drills_ledger';

describeMariadb('copying tables of MariaDB, cut off and run again', (start) => {
  let sides: TwoSides;
  beforeAll(async () => {
    sides = await startTwoSides(start);
    await sides.run(`
      create table orders (id bigint auto_increment primary key, note text, number int, key number (number));
      insert into orders (note, number) select concat(md5(seq), repeat('x', 900)), seq % 100 from seq_1_to_${rows};
      analyze table orders;
      create table log (line text);
      insert into log select concat('line ', seq % 10) from seq_1_to_5000`);
  });
  beforeEach(() => dropSchema(sides));

  const counted = async () =>
    (
      await sides.run(
        `select (select count(*) from ${schema}.orders) as orders, (select count(*) from ${schema}.log) as log`,
      )
    )[0];
  const everything = { orders: rows, log: 5000 };
  const commentOfLedger = async (): Promise<unknown> =>
    (
      await sides.run(`select table_comment as text from information_schema.tables
      where table_schema = '${schema}' and table_name = '${ledger}'`)
    )[0]?.text;

  const prepare = async (tables = names): Promise<ExtractedTable[]> => {
    const described = await sides.extraction.describeTables(sides.copy, asked(tables), limits);
    await sides.extraction.makeSchema(sides.sandbox, described, limits);
    return described;
  };
  const copy = (tables: ExtractedTable[], sessions = 2) =>
    withCopying(sides, (copying) => copyTables(copying, tables, { sessions, remainingMs }), sessions);

  test('every step is run twice, and some at once: no row is there twice, and the database is finished', async () => {
    const { extraction, sandbox } = sides;
    const tables = await extraction.describeTables(sides.copy, asked(names), limits);
    const make = () => extraction.makeSchema(sandbox, tables, limits);
    const finish = () => extraction.finish(sandbox, tables, limits);
    await Promise.all([make(), make()]);
    await make();
    for (let run = 0; run < 2; run++) expect((await copy(tables)).status).toBe('ready');
    await Promise.all([finish(), finish()]);
    await finish();
    await make();
    expect(await counted()).toEqual(everything);
    expect(await commentOfLedger()).toBe(`incomplete: it is not verified yet; ${about}`);
    await extraction.markSchema(sandbox, null, limits);
    await finish();
    expect(await commentOfLedger()).toBe(about);
    const checks = await prove(sides, tables);
    expect(checks.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  });

  test('a large table is cut into ranges, a step ends between them, and the next one goes on', async () => {
    const tables = await prepare();
    const ranges = await withCopying(sides, (copying) => copying.listRanges(tables[0] as never));
    expect(ranges.length).toBeGreaterThan(1);
    // Every look at the clock costs 60 ms: one range fits.
    let left = 200;
    const once = await withCopying(sides, (copying) =>
      copyTables(copying, tables, { sessions: 1, remainingMs: () => (left -= 60) }),
    );
    expect(once).toMatchObject({ status: 'pending', tables: [{ table: 'shop.orders', rangesDone: 1 }, {}] });
    expect((await copy(tables)).status).toBe('ready');
    expect(await counted()).toEqual(everything);
  });

  /** Ends the sessions of one side in the middle of a range. */
  const cutOff = async (user: string): Promise<void> => {
    for (;;) {
      const [found] = await sides.run(`select id from information_schema.processlist
        where user = '${user}' and (info like 'select concat(%' or info like 'insert into \`extract%')`);
      if (found === undefined) continue;
      await sides.run(`kill ${found.id}`).catch(() => {});
      return;
    }
  };

  test.for([
    ['the copy', 'drill_reader'],
    ['the sandbox', 'sandbox_writer'],
  ] as const)(
    '%s ends the connection in the middle of a range: it is an error, nothing of the range stays, and the next run copies it',
    async ([, user]) => {
      const tables = await prepare();
      const outcome = copy(tables, 1).then(
        () => 'copied',
        (error) => error,
      );
      await cutOff(user);
      expect(await outcome).toMatchObject({
        name: 'DatabaseUnreachable',
        message: expect.stringMatching(/copy range \d of shop\./),
      });
      const [told] = await sides.run(
        `select cast(ifnull(sum(row_count), 0) as int) as found from ${schema}.${ledger} where place = 'shop.orders'`,
      );
      expect((await counted())?.orders).toBe(told?.found);
      expect(told?.found).toBeLessThan(rows);
      await copy(tables);
      expect(await counted()).toEqual(everything);
    },
  );

  test('the copy ends the connection between two ranges: an error by name, not an endless wait', {
    timeout: 15_000,
  }, async () => {
    const [orders] = (await prepare()) as [ExtractedTable];
    await withCopying(
      sides,
      async (copying) => {
        const [first] = await copying.listRanges(orders);
        const [found] = await sides.run(
          "select id from information_schema.processlist where user = 'drill_reader'",
        );
        await sides.run(`kill ${found?.id}`);
        await expect(copying.copyRange(orders, first?.range as CopyRange)).rejects.toMatchObject({
          name: 'DatabaseUnreachable',
          message: expect.stringContaining('copy range 1 of shop.orders'),
        });
      },
      1,
    );
  });

  test('two runs copy at once, as when a function was given up and still runs: each range is there once', async () => {
    const tables = await prepare();
    const ended = await Promise.allSettled([copy(tables, 1), copy(tables, 1)]);
    expect(ended.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const one of ended) if (one.status === 'rejected') expect(one.reason.name).toBe('DatabaseBusy');
    await copy(tables);
    expect(await counted()).toEqual(everything);
  });

  test('making the tables or the keys was cut off in the middle: what is made is not made twice', async () => {
    await sides.run(`create database ${schema}`);
    const tables = await prepare();
    await sides.run(`drop table ${schema}.log`);
    await prepare();
    await copy(tables);
    await sides.run(`alter table ${schema}.orders add key number (number)`);
    await sides.extraction.finish(sides.sandbox, tables, limits);
    const keys = await sides.run(`show index from ${schema}.orders`);
    expect(keys.map(({ Key_name }) => Key_name)).toEqual(['PRIMARY', 'number']);
  });

  test('ranges are missing: the database is not finished, and the error names the table', async () => {
    const tables = await prepare();
    await withCopying(sides, (copying) => copying.listRanges(tables[0] as never));
    await expect(sides.extraction.finish(sides.sandbox, tables, limits)).rejects.toMatchObject({
      message: expect.stringContaining('shop.orders'),
    });
  });

  test('a copying that failed leaves a database that says incomplete, and why', async () => {
    await prepare();
    await sides.extraction.markSchema(sides.sandbox, "OutOfTime: copy range 3 of shop.it's", limits);
    expect(await commentOfLedger()).toBe(`incomplete: OutOfTime: copy range 3 of shop.it's; ${about}`);
  });

  test('a database of the name that is not ours is neither overwritten nor marked', async () => {
    await sides.run(`create database ${schema}; create table ${schema}.${ledger} (id int) comment 'mine'`);
    await expect(prepare()).rejects.toMatchObject({ name: 'SandboxRefused' });
    await sides.extraction.markSchema(sides.sandbox, 'it failed', limits);
    expect(await commentOfLedger()).toBe('mine');
  });

  test('the server says who may make a database, and of a database that is there already', async () => {
    const { extraction, sandbox, copy } = sides;
    const mayCreate = { isReadOnly: false, mayCreateSchema: true };
    expect(await extraction.inspectSandbox(sandbox, limits)).toEqual({ ...mayCreate, hasSchema: false });
    await prepare();
    expect(await extraction.inspectSandbox(sandbox, limits)).toEqual({ ...mayCreate, hasSchema: false });
    await sides.run(`drop table ${schema}.${ledger}`);
    expect(await extraction.inspectSandbox(sandbox, limits)).toEqual({ ...mayCreate, hasSchema: true });
    await expect(extraction.finish(sandbox, [], limits)).rejects.toMatchObject({ name: 'DatabaseFailure' });
    const reader = { ...sandbox, address: copy };
    expect(await extraction.inspectSandbox(reader, limits)).toMatchObject({ mayCreateSchema: false });
    await sides.run('set global read_only = on');
    const readOnly = await extraction.inspectSandbox(sandbox, limits);
    await sides.run('set global read_only = off');
    expect(readOnly.isReadOnly).toBe(true);
  });

  test('a user who may not make a database is refused', async () => {
    const sandbox = { ...sides.sandbox, address: { ...sides.copy, database: 'shop' } };
    const tables = await sides.extraction.describeTables(sides.copy, asked(names), limits);
    await expect(sides.extraction.makeSchema(sandbox, tables, limits)).rejects.toMatchObject({
      name: 'DatabaseDenied',
    });
  });

  test('the sandbox refuses a value: the error does not show it, nor does its cause', async () => {
    await sides.run(
      `create or replace table secrets (value varchar(20)); insert into secrets values ('4111-1111'), ('4111-1111')`,
    );
    const tables = await prepare(['shop.secrets']);
    await sides.run(`alter table ${schema}.secrets add unique (value)`);
    const error = await copy(tables).catch((failed) => failed);
    expect(error).toMatchObject({ name: 'DatabaseFailure', message: expect.stringContaining('error 1062') });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('4111');
    expect(await sides.run(`select * from ${schema}.secrets`)).toEqual([]);
  });
});
