import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { splitDefinition, splitForeignKey } from '../../../../shared/copying/mysql/split.ts';
import type { ExtractedTable } from '../../../../shared/extraction/tables.ts';
import { describeMariadb } from '../../database/mysql/fixture.ts';
import { asked, extract, limits, schema } from '../sides.ts';
import { dropSchema, prove, startTwoSides, type TwoSides } from './fixture.ts';
import { hostile, hostileName, shop } from './shop.ts';

/** With a functional key, comments that the server runs, and partitions inside of one (MySQL manual, "SHOW CREATE TABLE"). */
const ofMysql8 = `CREATE TABLE \`t\` (
  \`a\` int NOT NULL /*!80023 INVISIBLE */,
  \`b\` point NOT NULL /*!80003 SRID 4326 */,
  KEY \`f\` (((\`a\` + 1)),(lower(_utf8mb4'),')))  /*!80000 INVISIBLE */,
  CONSTRAINT \`k\` FOREIGN KEY (\`a\`) REFERENCES \`other\`.\`p,q\` (\`id\`) ON DELETE CASCADE,
  CONSTRAINT \`c\` CHECK ((\`a\` > 0)) /*!80016 NOT ENFORCED */
) /*!50100 TABLESPACE \`ts\` */ ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='PARTITION BY, ('
/*!50500 PARTITION BY RANGE  COLUMNS(a)
(PARTITION p0 VALUES LESS THAN (1) ENGINE = InnoDB) */`;

test('a definition as MySQL 8 writes it is cut at its own commas alone', () => {
  const { parts, options, partitions } = splitDefinition(ofMysql8);
  expect(parts).toHaveLength(5);
  expect(parts[1]).toBe('`b` point NOT NULL /*!80003 SRID 4326 */');
  expect(parts[2]).toMatch(/^KEY .* INVISIBLE \*\/$/);
  expect(options).toMatch(/^ \/\*!50100 TABLESPACE .*COMMENT='PARTITION BY, \('\s/);
  expect(partitions).toMatch(/^PARTITION BY RANGE/);
  expect(splitForeignKey(parts[3] ?? '', 'shop')).toEqual({
    name: 'k',
    target: { schema: 'other', table: 'p,q' },
    head: 'CONSTRAINT `k` FOREIGN KEY (`a`) REFERENCES ',
    rest: ' (`id`) ON DELETE CASCADE',
  });
  expect(splitForeignKey(parts[4] ?? '', 'shop')).toBeNull();
});

describeMariadb('the definitions of tables of MariaDB', (start) => {
  let sides: TwoSides;
  beforeAll(async () => {
    sides = await startTwoSides(start);
    await sides.run(shop);
  });
  beforeEach(() => dropSchema(sides));

  const byTable = (tables: readonly ExtractedTable[], name: string): ExtractedTable => {
    const found = tables.find(({ table }) => table === name);
    if (found === undefined) throw new Error(`${name} was not described`);
    return found;
  };

  const proveAll = async (tables: ExtractedTable[], columns: Record<string, string> = {}): Promise<void> => {
    const checks = await prove(sides, tables, columns);
    expect(checks.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
    expect(checks).toHaveLength(2 * tables.length + Object.keys(columns).length);
  };

  /** The server's own definition, its keys in order of name, without what names other databases. */
  const definitionOf = async (table: string): Promise<string[]> => {
    const [row] = await sides.run(`show create table ${table}`);
    const lines = String(row?.['Create Table']).replaceAll('`other`.', '').split('\n');
    return lines.map((line) => line.replace(/,$/, '')).toSorted();
  };

  test('a table with everything, and its parents: the same definitions, the same rows, and valid foreign keys', async () => {
    const { tables } = await extract(sides, asked([hostile], { withParents: true }));
    const names = ['shop.employees', 'shop.tracks', 'shop.genres', 'other.prices'];
    expect(tables.map(({ table }) => table)).toEqual([hostile, ...names]);
    expect(await definitionOf(`${schema}.${hostileName}`)).toEqual(await definitionOf(`shop.${hostileName}`));
    for (const name of names)
      expect(await definitionOf(name.replace(/^\w+/, schema))).toEqual(await definitionOf(name));
    expect(byTable(tables, hostile).columns).not.toContain('doubled');
    expect(byTable(tables, hostile).columns).toContain('hidden');
    await proveAll(tables, { [hostile]: 'seen' });
    await expect(sides.run(`delete from ${schema}.genres where id = 51`)).rejects.toThrow('foreign key');
    await expect(sides.run(`delete from ${schema}.prices where id = 1`)).rejects.toThrow('foreign key');
  });

  test('what stays behind is listed, and nothing else', async () => {
    const names = [hostile, 'shop.genres', 'shop.versioned', 'shop.old_engine', 'shop.nothing_in'];
    const tables = await sides.extraction.describeTables(sides.copy, asked(names), limits);
    expect(tables.map(({ leftOut }) => leftOut)).toEqual([
      [
        'foreign key employee does not come along: its table is not extracted',
        'foreign key track does not come along: its table is not extracted',
      ],
      [],
      ['the history of rows does not come along', 'partitions by the time of history do not come along'],
      [
        'engine Aria does not come along',
        'table option PAGE_CHECKSUM=1 does not come along',
        'table option TRANSACTIONAL=0 does not come along',
      ],
      [],
    ]);
  });

  test('partitions, engines, keys that are not primary, no keys and no rows: what can be kept is', async () => {
    const names = ['events', 'versioned', 'old_engine', 'only_unique', 'nothing_in', 'all_computed'].map(
      (name) => `shop.${name}`,
    );
    const { tables } = await extract(sides, asked(names));
    expect(tables.map(({ partitions }) => partitions)).toEqual([
      'kept',
      'as one table',
      'none',
      'none',
      'none',
      'none',
    ]);
    expect(tables.map(({ key }) => key)).toEqual([['id', 'at'], ['id'], null, ['b'], ['id'], null]);
    await proveAll(tables, { 'shop.events': 'at' });
    for (const name of ['events', 'only_unique', 'nothing_in'])
      expect(await definitionOf(`${schema}.${name}`)).toEqual(await definitionOf(`shop.${name}`));
    const [row] = await sides.run(`select table_rows as old from information_schema.partitions
      where table_schema = '${schema}' and table_name = 'events' and partition_name = 'old' limit 1`);
    expect(Number(row?.old)).toBeGreaterThan(0);
  });

  test('a condition: only rows that meet it come along, and the proof is of these alone', async () => {
    const where = { 'shop.tracks': 'genre = 57 and tracks.id > 0 -- one of them' };
    const { tables, outcome } = await extract(sides, asked(['shop.tracks'], { where }));
    expect(outcome.tables).toMatchObject([{ rows: 20 }]);
    await proveAll(tables);
    await sides.run(`delete from ${schema}.tracks limit 1`);
    const failed = (await prove(sides, tables)).filter(({ verdict }) => verdict !== 'passed');
    expect(failed.map(({ reason }) => reason)).toEqual([
      '1 row missing',
      'values differ from those of the copy',
    ]);
  });

  test('a condition leaves out rows that others point to: that foreign key stays behind, and says why', async () => {
    const where = { 'shop.genres': 'id = 57' };
    const { tables } = await extract(sides, asked(['shop.tracks', 'shop.genres'], { where }));
    expect(byTable(tables, 'shop.tracks').leftOut).toEqual([
      'foreign key genre does not come along: a condition leaves out rows of its table',
      'foreign key price does not come along: its table is not extracted',
    ]);
    await proveAll(tables);
    expect(await sides.run(`delete from ${schema}.genres`)).toMatchObject({ affectedRows: 1 });
  });

  describe('what cannot be extracted', () => {
    test.for([
      [['seen'], 'TableNotExtractable', 'it is a view'],
      [['counting'], 'TableNotExtractable', 'it is a sequence'],
      [['shop.quick'], 'TableNotExtractable', 'it is in memory'],
      [['shop.in_file'], 'TableNotExtractable', 'its rows are on another server or in a file'],
      [['shop.periods'], 'TableNotExtractable', 'columns of its own say since when'],
      [['same_name', 'other.same_name'], 'TableNotExtractable', 'would both have the name same_name'],
      [['shop.evnts'], 'TableNotFound', 'near: shop.events'],
      [['other.tracks'], 'TableNotFound', 'near: shop.tracks'],
      [['shop.Tracks'], 'TableNotFound', 'near: shop.tracks'],
    ] as const)('%s: %s, since %s', async ([tables, name, reason]) => {
      await expect(
        sides.extraction.describeTables(sides.copy, asked([...tables]), limits),
      ).rejects.toMatchObject({
        name,
        message: expect.stringContaining(reason),
      });
    });

    test.for(['no_such_column = 1', 'true); drop table tracks; select (true', '(true', 'count(*) > 0'])(
      'a condition that is none is refused before anything is written: %s',
      async (where) => {
        const request = asked(['shop.tracks'], { where: { 'shop.tracks': where } });
        await expect(sides.extraction.describeTables(sides.copy, request, limits)).rejects.toMatchObject({
          name: 'InvalidInput',
          message: expect.stringContaining('where of shop.tracks'),
        });
      },
    );
  });
});
