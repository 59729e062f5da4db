import { expect, test } from 'vitest';
import type { Ask, MysqlTable } from '../../../../shared/probing/mysql/catalog.ts';
import { startLooks } from '../../../../shared/probing/mysql/looks.ts';

const users: MysqlTable = {
  schema: 'shop',
  table: 'users',
  name: 'shop.users',
  sql: '`shop`.`users`',
  file: 'shop/users',
  key: ['`id`'],
  isCounted: true,
};

/** Of a server: what each storage is called, by its id. */
type Files = Record<string, string>;

const statement = (sql: string) => ({
  number: 1,
  line: 1,
  sql,
  isInTransaction: false,
  tables: ['shop.users'],
});

/** Looks at one state after another, each after the statement beside it. @returns what the last one says of the table */
const lookAt = async (steps: [string, Files][], abilities = { isMariadb: true, tellsVersions: false }) => {
  const asked: string[] = [];
  let files: Files = {};
  const ask: Ask = async <Row>(sql: string) => {
    asked.push(sql);
    if (sql.startsWith('show')) return [{ Variable_name: 'Innodb_os_log_written', Value: '0' }] as Row[];
    return Object.entries(files).map(([id, file]) => ({
      id,
      file,
      pages: '2',
      indexPages: '1',
      pageBytes: '16384',
      versions: abilities.tellsVersions ? '3' : null,
    })) as Row[];
  };
  const looks = startLooks(ask, async () => [], [users], abilities);
  const seen = [];
  for (const [sql, next] of steps) {
    files = next;
    seen.push(await looks.look(statement(sql)));
  }
  return {
    asked,
    look: seen.at(-1),
    rewrites: looks.countRewrites('shop.users'),
    told: looks.describe('shop.users'),
  };
};

test.each<[string, string, Files, Files, number]>([
  ['built anew', 'alter table users force', { 1: 'shop/users' }, { 2: 'shop/users' }, 1],
  ['as it was', 'alter table users add c int', { 1: 'shop/users' }, { 1: 'shop/users' }, 0],
  ['emptied', 'truncate table users', { 1: 'shop/users' }, { 2: 'shop/users' }, 0],
  ['renamed', 'rename table users to people', { 1: 'shop/users' }, { 1: 'shop/people' }, 0],
  [
    'a partition more',
    'alter table users add partition ...',
    { 1: 'shop/users#P#a' },
    { 1: 'shop/users#P#a', 2: 'shop/users#P#b' },
    0,
  ],
  [
    'a partition less',
    'alter table users drop partition b',
    { 1: 'shop/users#p#a', 2: 'shop/users#p#b' },
    { 1: 'shop/users#p#a' },
    0,
  ],
  ['a partition rebuilt', 'alter ...', { 1: 'shop/users#p#a' }, { 2: 'shop/users#p#a' }, 1],
])('%s: told from a rewrite', async (_, sql, before, after, rewrites) => {
  const seen = await lookAt([
    ['', before],
    [sql, after],
  ]);
  expect(seen.rewrites).toBe(rewrites);
  expect(seen.look?.tables.get('shop.users')?.storage).toBe(String(rewrites));
});

test('MySQL from 8.0.29: its own names, and how often INSTANT can still change the table', async () => {
  const { asked, told } = await lookAt([['', { 1: 'shop/users' }]], {
    isMariadb: false,
    tellsVersions: true,
  });
  expect(asked.join()).toContain('information_schema.innodb_tablestats');
  expect(told).toEqual(['shop.users has had 3 of 64 changes by INSTANT since it was last built anew']);
});

test('a server that counts no bytes of log, as Aurora: not known', async () => {
  expect((await lookAt([['', { 1: 'shop/users' }]])).look?.logPosition).toBeNull();
});

test('a table that is no longer there: left out', async () => {
  const { look, rewrites } = await lookAt([
    ['', { 1: 'shop/users' }],
    ['drop table users', {}],
  ]);
  expect(look?.tables.size).toBe(0);
  expect(rewrites).toBeNull();
});
