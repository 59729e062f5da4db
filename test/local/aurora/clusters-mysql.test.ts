import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fault, faults } from '../../../local/faults/catalog.ts';
import type { ClusterServers } from '../../../local/servers/cluster.ts';
import { connectAsOwner } from '../../../local/sources/mysql.ts';
import { addSeconds } from '../../../shared/instants.ts';
import { listWorlds } from '../command.ts';
import { hasMariadb } from '../mariadb.ts';
import { type MysqlTestWorld, startMysqlTestWorld, until } from '../world.ts';

/** What a replay of rows could trip over. */
const schema = `
  create table parents (id integer primary key, name varchar(20) collate utf8mb4_bin);
  create table children (
    id integer primary key auto_increment,
    parent integer,
    price decimal(10, 2),
    twice decimal(11, 2) generated always as (price * 2) stored,
    half decimal(12, 4) generated always as (price / 2) virtual,
    foreign key (parent) references parents (id) on delete cascade on update cascade
  );
  create table written (child integer, at timestamp(6) default current_timestamp(6));
  create trigger note after insert on children for each row insert into written (child) values (new.id);
  create table \`Tablé \`\`1\` (data longblob, emoji varchar(10));
  create table old (id integer) engine = MyISAM;
  create database second;
  create table second.pages (path varchar(20)) partition by key (path) partitions 2;
  create table beats (at timestamp(6) primary key);
  insert into parents select seq, concat('parent ', seq) from seq_1_to_100;
  insert into children (parent, price) select seq, seq from seq_1_to_100;
`;

const changes = `
  insert into children (parent, price) select seq, seq + 0.5 from seq_1_to_50;
  update parents set id = id + 1000 where id > 90;
  delete from parents where id < 20;
  set foreign_key_checks = 0;
  insert into children (parent, price) values (-5, 1);
  set foreign_key_checks = 1;
  insert into \`Tablé \`\`1\` values (repeat(x'00ff0a0d', 1000), '🐬');
  insert into old values (1), (2);
  insert into second.pages values ('/a'), ('/b'), ('/b');
  delete from second.pages where path = '/b' limit 1;
  create database third;
  create table third.late (id integer) as select seq as id from seq_1_to_10;
  alter table parents add column added integer default 7;
`;

/** Separate, since it contains semicolons. */
const procedure = 'create procedure counting() begin select count(*) from parents; /* kept */ end';

describe.skipIf(!hasMariadb)('local Aurora on MariaDB', () => {
  let world: MysqlTestWorld;
  let connection: mysql.Connection;

  beforeAll(async () => {
    world = await startMysqlTestWorld(async (target) => void (await target.connection.query(schema)));
    connection = await world.source.connect();
  });
  afterAll(() => world?.keeper.close());

  const latest = () => world.source.latestRestorableTime();
  const serverNow = async (): Promise<string> => {
    const [[row]] = await connection.query<mysql.RowDataPacket[]>('select unix_timestamp() as epoch');
    return new Date(Number(row?.epoch) * 1000).toISOString();
  };
  /** Waits until the next second can be restored. */
  const reachNow = async (): Promise<string> => {
    const target = addSeconds(await serverNow(), 1);
    await until(
      async () => latest(),
      (time) => Date.parse(time) > Date.parse(target),
    );
    return target;
  };

  /** Runs with a started copy of the source at a second. */
  const withCopy = async <Answer>(
    restoreTo: string,
    work: (copy: mysql.Connection) => Promise<Answer>,
    fault: Fault | null = null,
  ): Promise<Answer> => {
    const servers = world.source.makeServers('copy', fault);
    try {
      const port = await servers.recover({ kind: 'point-in-time', restoreTo });
      await servers.start('copy-writer');
      const copy = await connectAsOwner(port, 'shop', world.password);
      try {
        return await work(copy);
      } finally {
        await copy.end();
      }
    } finally {
      await servers.remove();
    }
  };

  const lastBeat = async (copy: mysql.Connection): Promise<number> => {
    const [[row]] = await copy.query<mysql.RowDataPacket[]>(
      'select cast(unix_timestamp(max(at)) as char) as last from beats',
    );
    return Number(row?.last);
  };

  /** Writes the server's own time every 20 ms during the work. */
  const whileBeating = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    let isDone = false;
    const beating = (async () => {
      const heart = await world.source.connect();
      while (!isDone) {
        await heart.query('insert into beats values (now(6))');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await heart.end();
    })();
    try {
      return await work();
    } finally {
      isDone = true;
      await beating;
    }
  };

  test('rows written all the time: the copy has those of before the asked second, and none of it or later', async () => {
    await whileBeating(async () => {
      const start = Date.parse(await serverNow());
      await until(
        async () => latest(),
        (time) => Date.parse(time) > start + 3000,
      );
      for (const ago of [-1, -2]) {
        const restoreTo = addSeconds(latest(), ago);
        const last = await withCopy(restoreTo, lastBeat);
        const second = Date.parse(restoreTo) / 1000;
        expect(last).toBeLessThan(second);
        expect(last).toBeGreaterThan(second - 0.3);
      }
    });
  });

  test('transaction written before a second and committed after it: in no copy as of that second', async () => {
    const writer = await world.source.connect();
    await writer.query(
      'create table slow (id integer primary key); start transaction; insert into slow values (1)',
    );
    const begun = await serverNow();
    const second = await until(serverNow, (now) => now > begun);
    await writer.query('commit');
    await writer.end();
    const countRows = async (copy: mysql.Connection) => {
      const [[row]] = await copy.query<mysql.RowDataPacket[]>('select count(*) as found from slow');
      return row?.found;
    };
    const later = await reachNow();
    expect(await withCopy(second, countRows)).toBe(0);
    expect(await withCopy(later, countRows)).toBe(1);
  });

  const listTables = async (copy: mysql.Connection): Promise<string[]> => {
    const [rows] = await copy.query<mysql.RowDataPacket[]>(
      `select concat('\`', table_schema, '\`.\`', replace(table_name, '\`', '\`\`'), '\`') as name
         from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema in ('shop', 'second', 'third') order by 1`,
    );
    return rows.map(({ name }) => String(name));
  };
  const describeAll = async (copy: mysql.Connection): Promise<unknown[]> => {
    const described: unknown[] = [];
    for (const table of await listTables(copy)) {
      // Not CHECKSUM TABLE, which reads virtual columns from what happens to be in the row buffer.
      const [found] = await copy.query<mysql.RowDataPacket[]>(`select * from ${table}`);
      const rows = found.map((row) => JSON.stringify(row)).toSorted();
      const [definition] = await copy.query(`show create table ${table}`);
      described.push(rows, definition);
    }
    const [counting] = await copy.query('show create procedure counting');
    return [...described, counting];
  };

  test('keys that cascade, triggers, generated columns, other databases and new tables: replayed as they were', async () => {
    await connection.query(changes);
    await connection.query(procedure);
    const restoreTo = await reachNow();
    const here = await describeAll(connection);
    expect(here).toHaveLength(2 * 9 + 1);
    expect(await withCopy(restoreTo, describeAll)).toEqual(here);
  });

  test('fault that restores to an earlier second: the copy really ends there, or at the earliest second there is', async () => {
    const fault = (restoreEarlierSeconds: number): Fault => ({
      name: 'earlier',
      description: '',
      restoreEarlierSeconds,
    });
    await whileBeating(async () => {
      const start = Date.parse(await serverNow());
      await until(
        async () => latest(),
        (time) => Date.parse(time) > start + 3000,
      );
    });
    const restoreTo = latest();
    const asked = Date.parse(restoreTo) / 1000;
    expect(await withCopy(addSeconds(restoreTo, -1), lastBeat, fault(1))).toBeLessThan(asked - 2);
    const [[earliest]] = await withCopy(
      addSeconds(restoreTo, -1),
      (copy) => copy.query<mysql.RowDataPacket[]>('select count(*) as beats from beats'),
      fault(3600),
    );
    expect(earliest?.beats).toBe(0);
  });

  test('faults of files and of rows: done to the copy, before its server starts and after', async () => {
    const seen: string[] = [];
    const fault: Fault = {
      name: 'both',
      description: '',
      damageFiles: { mysql: async (data) => void seen.push(...(await readdir(data))) },
      damage: { mysql: async (copy) => void (await copy.query('create table shop.damaged (x integer)')) },
    };
    const tables = await withCopy(addSeconds(latest(), -1), listTables, fault);
    expect(tables).toContain('`shop`.`damaged`');
    expect(seen).toContain('ibdata1');
    expect(seen).not.toContain('mariadb.sock');
  });

  test('recovered and not started: nobody can connect; removed: nothing is left', async () => {
    const servers = world.source.makeServers('copy-not-started', null);
    const port = await servers.recover({ kind: 'point-in-time', restoreTo: addSeconds(latest(), -1) });
    await expect(connectAsOwner(port, 'shop', world.password)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    await servers.remove();
    expect(await readdir(world.keeper.folder)).not.toContain('copy-not-started');
  });

  const recoverBroken = (servers: ClusterServers) =>
    servers.recover({ kind: 'point-in-time', restoreTo: addSeconds(latest(), -1) });

  test('the archive is empty: recovery fails and says which log is missing', async () => {
    const fault = faults.find(({ name }) => name === 'restore-failed') ?? null;
    const servers = world.source.makeServers('copy-empty', fault);
    await expect(recoverBroken(servers)).rejects.toThrow(/the archive lacks binlog\.\d+/);
    await servers.remove();
  });

  test('a log in the middle is cut short, then missing: recovery fails, never a copy that ends too early', async () => {
    const { logs, start } = world.source.archive;
    const later = (await readdir(logs)).filter((name) => name > start.file).sort();
    const middle = join(logs, later[Math.floor(later.length / 2)] ?? '');
    const whole = await readFile(middle);
    await writeFile(middle, whole.subarray(0, whole.length - 5));
    const cut = world.source.makeServers('copy-cut', null);
    await expect(recoverBroken(cut)).rejects.toThrow('ends in the middle of an event');
    await cut.remove();
    await rm(middle);
    const missing = world.source.makeServers('copy-missing', null);
    await expect(recoverBroken(missing)).rejects.toThrow('the archive lacks');
    await missing.remove();
  });

  test('keeper closed: no process and no folder is left', async () => {
    await connection.end();
    const { folder } = world.keeper;
    await world.keeper.close();
    const left = await listWorlds(join(folder, '..'));
    expect(left.filter((name) => name.includes(folder) || folder.endsWith(name))).toEqual([]);
  });
});
