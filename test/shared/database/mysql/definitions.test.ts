import type mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectAsOwner } from '../../../../local/sources/mysql.ts';
import { listIncrements } from '../../../../shared/database/mysql/counters.ts';
import { isUnread, listMysqlDefinitions } from '../../../../shared/database/mysql/definitions.ts';
import { type MysqlSession, openMysqlSession } from '../../../../shared/database/mysql/session.ts';
import type { Definition } from '../../../../shared/database/port.ts';
import { damages, everyKindSql } from './definitions-damages.ts';
import { describeMariadb, type TestMariadb, testPassword } from './fixture.ts';

const kinds = ['columns', 'databases', 'events', 'functions', 'grants', 'tables', 'triggers', 'views'];
const notAll = '(this user may not read it)';

let server: TestMariadb;
let owner: mysql.Connection;
let session: MysqlSession;
let all: Definition[];
const sessions: MysqlSession[] = [];

const run = async (sql: string): Promise<mysql.RowDataPacket[]> =>
  (await owner.query<mysql.RowDataPacket[]>(sql))[0];

/** A session like those of checks: it may only read, in a snapshot. */
const openSession = async (user: string): Promise<MysqlSession> => {
  const opened = await openMysqlSession(
    { ...server.address, ip: server.address.host, user },
    async () => ({ password: testPassword, ssl: false }),
    () => 60_000,
  );
  sessions.push(opened);
  return opened;
};

const addUser = async (name: string, grants: string): Promise<MysqlSession> => {
  await run(`create user ${name}@'127.0.0.1' identified by '${testPassword}'; ${grants}`);
  return openSession(name);
};

const list = ({ query }: MysqlSession): Promise<Definition[]> => listMysqlDefinitions(query);
const namesOf = (definitions: Definition[], wanted: string): string[] =>
  definitions.filter(({ kind }) => kind === wanted).map(({ name }) => name);
const textOf = (definitions: Definition[], wanted: string, name: string): string | undefined =>
  definitions.find((one) => one.kind === wanted && one.name === name)?.text;

/** The kinds whose definitions are not the same. */
const findChangedKinds = (before: Definition[], after: Definition[]): string[] => {
  const of = (definitions: Definition[], wanted: string) =>
    JSON.stringify(definitions.filter(({ kind }) => kind === wanted));
  return kinds.filter((kind) => of(before, kind) !== of(after, kind));
};

describeMariadb('definitions on MariaDB', (start) => {
  beforeAll(async () => {
    server = await start();
    // Root may do all but grant. A session keeps the rights that it began with.
    await server.run(`update mysql.global_priv set priv = json_set(priv, '$.access', json_value(priv, '$.access') | 1024)
      where user = 'root'; flush privileges`);
    owner = await connectAsOwner(server.address.port, 'shop', testPassword);
    await run(`set sql_mode = ''; ${everyKindSql}`);
    session = await openSession('root');
    await session.query('take a snapshot', 'start transaction with consistent snapshot, read only');
    all = await list(session);
  });
  afterAll(async () => {
    await Promise.all(sessions.map(({ close }) => close()));
    await owner?.end();
  });

  describe('the list', () => {
    test('objects of every kind in two databases: all kinds, each object once, nothing unread', () => {
      expect([...new Set(all.map(({ kind }) => kind))]).toEqual(kinds);
      for (const kind of kinds.filter((kind) => kind !== 'grants')) {
        const names = namesOf(all, kind);
        expect(names).toEqual([...new Set(names)]);
        expect(names.some((name) => /^(")?other\.one/.test(name))).toBe(true);
        expect(names.some((name) => name.startsWith('shop'))).toBe(true);
      }
      expect(all.filter(isUnread)).toEqual([]);
    });

    test('asked again: the same, in the same order', async () => {
      expect(await list(session)).toEqual(all);
    });

    test('some texts: as people know them', () => {
      expect(textOf(all, 'columns', 'shop.orders.amount')).toBe('default: 1');
      expect(textOf(all, 'columns', 'shop.orders.hidden')).toBe('default: 7\nextra: INVISIBLE');
      expect(textOf(all, 'columns', '"other.one"."a.b".code')).toBe('default: 5\ncomment: odd');
      expect(namesOf(all, 'functions')).toEqual([
        '"other.one".f (function)',
        'shop.total (function)',
        'shop.total (procedure)',
      ]);
      expect(textOf(all, 'functions', 'shop.total (procedure)')).toContain('body: set vat = price\n');
      expect(textOf(all, 'grants', "'clerk'@'localhost'")).toBe(
        'PROCESS\naccount, default role seller\nrole seller',
      );
      expect(textOf(all, 'grants', "'clerk'@'localhost' on shop.orders")).toBe(
        'SELECT (id)\nSELECT (title)\nUPDATE (title)',
      );
      expect(textOf(all, 'databases', 'other.one')).toBe(
        'character set: latin1\ncollation: latin1_swedish_ci',
      );
    });

    test('passwords: not in it', async () => {
      const rows = await run('select authentication_string as secret from mysql.user');
      const secrets = rows.map(({ secret }) => secret).filter((secret) => secret !== '');
      expect(secrets.length).toBeGreaterThan(1);
      for (const secret of [...secrets, testPassword]) expect(JSON.stringify(all)).not.toContain(secret);
    });

    test('rows, counters, statistics and temporary tables: not in it', async () => {
      await run(`insert into shop.days values (2021, 1); analyze table shop.days;
        create temporary table shop.passing (id int default 4 comment 'x')`);
      expect(await list(session)).toEqual(all);
    });

    test('a view whose table is gone: a definition like any other', async () => {
      await run(`create table shop.gone (id int); create view shop.broken as select id from shop.gone;
        drop table shop.gone`);
      const broken = await list(session);
      await run('drop view shop.broken');
      expect(textOf(broken, 'views', 'shop.broken')).toMatch(/^definition: select .*`gone`/);
    });
  });

  describe('damage', () => {
    test.each(damages)('%s: told by its own kind alone', async (_title, sql, undo, kind) => {
      await run(sql);
      const damaged = await list(session);
      await run(undo);
      expect(findChangedKinds(all, damaged)).toEqual([kind]);
      expect(findChangedKinds(all, await list(session))).toEqual([]);
    });

    test('all kinds: some damage is tried', () => {
      expect([...new Set(damages.map(([, , , kind]) => kind))].sort()).toEqual(kinds);
    });
  });

  describe('AUTO_INCREMENT values', () => {
    const nextValues = async () => (await listIncrements(session)).map(({ name, next }) => [name, next]);

    test('two tables with one: the next value of each, as digits', async () => {
      expect(await nextValues()).toEqual([
        ['"other.one"."a.b"', '2'],
        ['shop.orders', '1000'],
      ]);
    });

    test('one is lowered: it is lower here, and no definition tells', async () => {
      await run('alter table shop.orders auto_increment = 900');
      const lowered = await nextValues();
      const damaged = await list(session);
      await run('alter table shop.orders auto_increment = 1000');
      expect(lowered).toContainEqual(['shop.orders', '900']);
      expect(findChangedKinds(all, damaged)).toEqual([]);
    });
  });

  describe('what a user may read', () => {
    const withoutHidden = (definitions: Definition[]) =>
      definitions.filter(({ kind }) => kind !== 'triggers' && kind !== 'events');

    test('SELECT and SHOW VIEW on *.*: all but triggers and events, which it says', async () => {
      const reader = await openSession('drill_reader');
      const seen = await list(reader);
      expect(withoutHidden(seen)).toEqual(withoutHidden(await list(session)));
      expect(seen.filter((one) => !withoutHidden([one]).length)).toEqual([
        { kind: 'events', name: '*', text: `${notAll} without EVENT on *.*` },
        { kind: 'triggers', name: '*', text: `${notAll} without TRIGGER on *.*` },
      ]);
      expect(seen.filter(isUnread)).toHaveLength(2);
    });

    test('TRIGGER and EVENT on *.* besides: everything', async () => {
      const reader = await addUser(
        'full_reader',
        `grant select, show view, trigger, event on *.* to full_reader@'127.0.0.1'`,
      );
      const seen = await list(reader);
      expect(seen).toEqual(await list(session));
      expect(seen.filter(isUnread)).toEqual([]);
    });

    test('EXECUTE and SELECT on one database: unread bodies, and what else it may not read', async () => {
      const reader = await addUser(
        'shop_reader',
        `grant select, execute on shop.* to shop_reader@'127.0.0.1'`,
      );
      const seen = await list(reader);
      expect(textOf(seen, 'functions', 'shop.total (function)')).toMatch(`body: ${notAll}\n`);
      expect(textOf(seen, 'views', 'shop.cheap')).toMatch(`definition: ${notAll}\n`);
      expect(seen.filter(({ name }) => name === '*').map(({ kind }) => kind)).toEqual([
        'events',
        'functions',
        'grants',
        'triggers',
      ]);
      expect(namesOf(seen, 'grants')).toEqual([
        "'shop_reader'@'127.0.0.1'",
        "'shop_reader'@'127.0.0.1' on shop.*",
        '*',
      ]);
      expect(
        seen.filter((one) => isUnread(one) && one.name.startsWith('shop.')).map(({ name }) => name),
      ).toEqual(['shop.total (function)', 'shop.total (procedure)', 'shop.cheap', 'shop.plain']);
    });
  });

  test('three hundred views and functions: no more statements than for a few', async () => {
    const count = async (): Promise<[number, Definition[]]> => {
      let statements = 0;
      const definitions = await listMysqlDefinitions((what, sql) => {
        statements++;
        return session.query(what, sql);
      });
      return [statements, definitions];
    };
    const [few] = await count();
    const numbers = Array.from({ length: 300 }, (_, number) => number);
    await run(
      `create database many; use many; ${numbers
        .map(
          (n) => `create view v${n} as select id from shop.orders where id > ${n};
          create function f${n}(a int) returns int return a + ${n};`,
        )
        .join('')}`,
    );
    const [many, definitions] = await count();
    await run('drop database many; use shop');
    expect(definitions.filter(({ name }) => name.startsWith('many.'))).toHaveLength(600);
    expect([few, many]).toEqual([8, 8]);
  });
});
