import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeBringBack } from '../../../shared/extraction/bring-back.ts';
import { refuseCondition } from '../../../shared/extraction/conditions.ts';
import { describeMariadb, type TestMariadb } from '../database/mysql/fixture.ts';
import { anyCondition } from './condition-pieces.ts';

/** Names and types that statements trip over, and columns that fill themselves. */
const makeTable = (schema: string): string => `
  create table ${schema}.\`or.d\`\`ers\` (
    \`Id\` int auto_increment, part varchar(20), live varchar(20), was json, flags bit(9), kept enum('new', 'paid'),
    bytes blob, ratio float, at timestamp(3) default current_timestamp(3) on update current_timestamp(3),
    price decimal(20, 10), \`it's\` text, doubled decimal(30, 10) as (price * 2) stored,
    primary key (\`Id\`, part)
  ) charset utf8mb4`;

const columns = ['Id', 'part', 'live', 'was', 'flags', 'kept', 'bytes', 'ratio', 'at', 'price', "it's"];
const names = columns.map((name) => `\`${name}\``).join(', ');
const values = (id: number, text: string) =>
  `(${id}, 'a', '${text}', '{"a":  1}', b'101', 'paid', x'5c00', 1.1, '2026-11-19 16:00:00.123', 1.0000000001, null)`;

const write = (where: string | null = null) =>
  describeBringBack(
    { table: 'shop."or.d`ers"', where, columns, fixed: [], key: ['Id', 'part'], partitions: 'none' },
    { schema: 'extract_shop', dialect: 'mysql', fate: 'kept' },
  );

describeMariadb('bring back', (start) => {
  const live = 'shop.`or.d``ers`';
  const extracted = 'extract_shop.`or.d``ers`';

  const prepare = async (): Promise<TestMariadb> => {
    const server = await start();
    await server.run('create database extract_shop');
    for (const schema of ['shop', 'extract_shop']) await server.run(makeTable(schema));
    await server.run(`set session sql_mode = concat(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')`);
    await server.run(`insert into ${live} (${names}) values ${[0, 1, 2, 3].map((id) => values(id, 'abc'))}`);
    await server.run(`insert into ${extracted} (${names}) select ${names} from ${live}`);
    await server.run(`set session sql_mode = default`);
    await server.run(`update ${live} set live = 'ABC', \`at\` = \`at\` where \`Id\` = 1`);
    await server.run(`update ${live} set kept = null, ratio = 2 where \`Id\` = 2`);
    await server.run(`delete from ${live} where \`Id\` in (0, 3)`);
    await server.run(`insert into ${live} (${names}) values ${values(9, 'new')}, ${values(10, 'newer')}`);
    return server;
  };
  const idsOf = async (server: TestMariadb, { sql } = { sql: '' }): Promise<number[]> =>
    (await server.run(sql)).map(({ Id }) => Id).toSorted((one, other) => one - other);

  test('rows changed, gone and new are shown, then brought back as they were, and new ones stay', async () => {
    const server = await prepare();
    const [changed, gone, added] = write().shows;
    expect(await idsOf(server, changed)).toEqual([1, 2]);
    expect(await idsOf(server, gone)).toEqual([0, 3]);
    expect(await idsOf(server, added)).toEqual([9, 10]);
    const [, , some] = write("`or.d``ers`.live = 'newer'").shows;
    expect(await idsOf(server, some)).toEqual([10]);

    const readAll = (table: string) => server.run(`select * from ${table} where \`Id\` < 9 order by 1`);
    const before = await readAll(extracted);
    for (let time = 0; time < 2; time += 1)
      for (const { sql } of write().brings) for (const one of sql.split(/(?<=;)\n/)) await server.run(one);
    expect(await readAll(live)).toEqual(before);
    expect(await idsOf(server, { sql: `select \`Id\` from ${live} where \`Id\` >= 9` })).toEqual([9, 10]);
    expect(await idsOf(server, changed)).toEqual([]);
    expect(await idsOf(server, gone)).toEqual([]);
  });

  test('any condition that is not refused: in parentheses it stays one expression, or is an error', async () => {
    const server = await start();
    let ran = 0;
    await fc.assert(
      fc.asyncProperty(anyCondition, async (sql) => {
        if (refuseCondition(sql, 'mysql') !== null) return;
        // Nothing can be true of it, unless the condition has ended the parentheses, or hides what follows.
        const rows = await server.run(`select 1 from dual where (${sql}) and false`).catch(() => null);
        if (rows === null) return;
        ran += 1;
        expect(rows).toEqual([]);
      }),
      { numRuns: 3000 },
    );
    expect(ran).toBeGreaterThan(10);
  });
});
