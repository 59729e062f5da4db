import type mysql from 'mysql2/promise';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appliesTo, type Fault, faults } from '../../../local/faults/catalog.ts';
import type { EngineName } from '../../../local/servers/engine-name.ts';
import { mysqlEngine } from '../../../local/sources/mysql.ts';
import { postgresEngine } from '../../../local/sources/postgres.ts';
import { loadMysqlSample } from '../../../local/sources/sample-mysql.ts';
import { loadPostgresSample } from '../../../local/sources/sample-postgres.ts';
import type { Engine } from '../../../local/sources/source.ts';
import type { WriteLoad } from '../../../local/sources/write-load.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { type Captured, startDrilledSource } from '../drilled-source.ts';
import { hasMariadb } from '../mariadb.ts';
import { until } from '../world.ts';

type Kinds = CheckResult['kind'][];

/** What finds a damage: the kinds of checks that fail, more of them on one engine, a part of the first one's reason, and how many rows it names. */
const findings: Record<
  string,
  { kinds: Kinds; more?: Partial<Record<EngineName, Kinds>>; reason: string; rows?: number }
> = {
  'lost-rows': { kinds: ['rows', 'checksum'], reason: 'missing' },
  'changed-values': { kinds: ['checksum'], reason: 'as many as expected', rows: 10 },
  'swapped-rows': { kinds: ['checksum'], reason: 'as many as expected', rows: 2 },
  'lost-table': { kinds: ['schema'], reason: 'the table is missing' },
  'lost-index': { kinds: ['schema'], reason: 'lacks' },
  'stale-restore': { kinds: ['time'], reason: 'restored to another time than asked' },
  'sequence-behind': { kinds: ['schema'], reason: 'the sequence is behind its column' },
  'corrupt-page': { kinds: ['rows', 'checksum'], reason: 'it cannot be read' },
};

/** Three products that nobody buys, among others that are bought all the time. */
const addUnsold = `insert into products (title, price, stock) values ('One', 1, 1), ('Two', 2, 2), ('Three', 3, 3)`;
const changeUnsold = 'update products set stock = stock + 7 where id > 5000';

const withUnsold: Record<EngineName, Engine> = {
  postgres: postgresEngine(async (client) => {
    await loadPostgresSample(client);
    await client.query(addUnsold);
  }),
  mysql: mysqlEngine(async ({ connection }) => {
    await loadMysqlSample(connection);
    // The statement that filled the table has taken more values than it used.
    await connection.query('alter table products auto_increment = 5001');
    await connection.query(addUnsold);
  }),
};

const orderLines = `select concat('(', order_id, ', ', line, ')') as name, quantity from order_lines order by order_id, line`;

/** A fault that tells which rows of order_lines have another quantity since, in order of their key. */
const watchOrderLines = (fault: Fault): { watched: Fault; changed: string[] } => {
  const changed: string[] = [];
  const watch = async (
    read: () => Promise<{ name: string; quantity: number }[]>,
    act: () => Promise<void>,
  ) => {
    const before = await read();
    await act();
    const after = new Map((await read()).map(({ name, quantity }) => [name, quantity]));
    const isOther = (row: { name: string; quantity: number }) => after.get(row.name) !== row.quantity;
    changed.push(...before.filter(isOther).map(({ name }) => name));
  };
  const { damage } = fault;
  const isWatched = findings[fault.name]?.rows !== undefined;
  if (damage?.postgres === undefined || damage.mysql === undefined || !isWatched)
    return { watched: fault, changed };
  const { postgres, mysql } = damage;
  const watched: Fault = {
    ...fault,
    damage: {
      postgres: (client) =>
        watch(
          async () => (await client.query(orderLines)).rows,
          () => postgres(client),
        ),
      mysql: (client) =>
        watch(
          async () => (await client.query(orderLines))[0] as never,
          () => mysql(client),
        ),
    },
  };
  return { watched, changed };
};

const isDamage = ({ damage, damageFiles, restoreEarlierSeconds }: Fault): boolean =>
  [damage, damageFiles, restoreEarlierSeconds].some((act) => act !== undefined);

const engines: [EngineName, boolean][] = [
  ['postgres', true],
  ['mysql', hasMariadb],
];

test('faults that damage the copy: each has its finding here, and no other one', () => {
  expect(Object.keys(findings).sort()).toEqual(
    faults
      .filter(isDamage)
      .map(({ name }) => name)
      .sort(),
  );
});

describe.each(engines)('a copy of the sample database under writes, %s', (engine, isInstalled) => {
  describe.skipIf(!isInstalled)('its server is installed', () => {
    let drilled: Awaited<ReturnType<typeof startDrilledSource>>;
    let load: WriteLoad;
    let captured: Captured;

    beforeAll(async () => {
      drilled = await startDrilledSource(engine, withUnsold[engine]);
      load = await drilled.source.startWriteLoad();
      await until(
        async () => load.rowsWritten(),
        (rows) => rows > 1000,
      );
      captured = await drilled.capture();
    });
    afterAll(async () => {
      await load?.stop();
      await drilled?.close();
    });

    test('restored as it was: every check passes, and the checksums of all seven tables are among them', async () => {
      const found = await drilled.restore(captured, null);
      expect(found.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
      expect(found.filter(({ kind }) => kind === 'checksum')).toHaveLength(7);
    });

    test('damaged rows among others that production goes on writing to: they alone are named', async () => {
      const damage = {
        postgres: async (client: pg.Client) => void (await client.query(changeUnsold)),
        mysql: async (client: mysql.Connection) => void (await client.query(changeUnsold)),
      };
      const found = await drilled.restore(captured, { name: 'unsold', description: '', damage });
      const failed = found.filter(({ verdict }) => verdict === 'failed');
      // Now and then one is in a bucket that moved.
      expect(failed.map(({ reason }) => reason)).toEqual([
        expect.stringMatching(
          /^(3 rows differ|2 rows differ|1 row differs), in stock: id 500[123](, 500[23])*; values differ: /,
        ),
      ]);
    });

    test.each(
      faults
        .filter((fault) => isDamage(fault) && appliesTo(fault, engine))
        .map((fault) => [fault.name, fault] as const),
    )('%s: found by the checks that should, and by no others', async (name, fault) => {
      const { watched, changed } = watchOrderLines(fault);
      const failed = (await drilled.restore(captured, watched)).filter(({ verdict }) => verdict === 'failed');
      const { kinds, more, reason, rows } = findings[name] ?? { kinds: [], reason: '' };
      const wanted = [...kinds, ...(more?.[engine] ?? [])].sort();
      expect([...new Set(failed.map(({ kind }) => kind))].sort()).toEqual(wanted);
      expect(failed[0]?.reason).toContain(reason);
      if (rows === undefined) return;
      expect(changed).toHaveLength(rows);
      const named = `${rows} rows differ, in quantity: (order_id, line) ${changed.join(', ')}; values differ: `;
      expect(failed[0]?.reason.slice(0, named.length)).toBe(named);
    });
  });
});
