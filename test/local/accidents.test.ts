import { expect, test } from 'vitest';
import type { Accident, Harm } from '../../local/accidents/accident.ts';
import { accidents } from '../../local/accidents/catalog.ts';
import { askOnce, letHappen } from '../../local/accidents/happening.ts';
import { localAddress } from '../../local/aurora/database.ts';
import { type EngineName, engineNames } from '../../local/servers/engine-name.ts';
import { loadMysqlSample } from '../../local/sources/sample-mysql.ts';
import { loadPostgresSample } from '../../local/sources/sample-postgres.ts';
import type { RecoveryDocument } from '../../shared/recovery/document.ts';
import type { DatabaseChanges } from '../../shared/rows/database-changes.ts';
import { hasMariadb } from './mariadb.ts';
import { recoverIn } from './recovering.ts';
import {
  type MysqlTestWorld,
  plansText,
  startMysqlTestWorld,
  startTestWorld,
  type TestWorld,
  testPlan,
} from './world.ts';

/** What the accident did, and what the load has written since. */
const changesOf = ({ changes }: RecoveryDocument): DatabaseChanges => {
  if (changes?.found == null) throw new Error(`nothing was compared: ${changes?.summary}`);
  return changes.found as DatabaseChanges;
};

/** What the report says of the table that the accident hit. */
const findHarm = (changes: DatabaseChanges, { table, redefined }: Harm) => {
  const hit = changes.tables.find((one) => one.table === table);
  const dropped = hit?.redefined.dropped ?? [];
  return {
    changed: hit?.changed ?? 0,
    gone: hit?.gone ?? 0,
    dropped: changes.goneTables,
    isExact: hit?.isExact ?? true,
    redefined: redefined.filter((start) => dropped.some((text) => text.startsWith(start))),
    others: dropped.filter((text) => !redefined.some((start) => text.startsWith(start))),
  };
};

const startWorld: Record<EngineName, () => Promise<TestWorld | MysqlTestWorld>> = {
  postgres: () => startTestWorld({ load: loadPostgresSample }),
  mysql: () => startMysqlTestWorld(({ connection }) => loadMysqlSample(connection)),
};

/** The load deletes from these, and never what an accident deletes. */
const losingTables = ['orders', 'order_lines'];

const recoverFrom = async (
  { name, scripts }: Accident,
  engine: EngineName,
  world: TestWorld | MysqlTestWorld,
): Promise<void> => {
  const script = scripts[engine];
  const address = localAddress(engine, world.source.port, testPlan().database);
  const { harm, answer, before } = await letHappen({ name, ...script }, { ...world, address });
  if (harm === null) throw new Error('an accident of the catalog has no harm');
  expect([harm.rows > 1000, String(harm.rows)], name).toEqual([true, answer?.[0]?.[0]]);

  const input = { restoreTo: before, readers: 0 };
  const { result, hasSucceeded } = await recoverIn(world, plansText, `local-${name}`, input);
  expect([result.failure, hasSucceeded], name).toEqual([null, true]);
  const changes = changesOf(result);
  const { gone, ...seen } = findHarm(changes, harm);
  expect(seen, name).toEqual({
    changed: harm.effect === 'changed' ? harm.rows : 0,
    dropped: harm.effect === 'dropped' ? [{ table: harm.table, rows: harm.rows }] : [],
    redefined: harm.redefined,
    others: [],
    isExact: true,
  });
  if (harm.effect === 'gone') expect(gone, name).toBe(harm.rows);
  else expect(gone > 0, name).toBe(losingTables.includes(script.table));
  // The load went on meanwhile, in the same tables and in others.
  const added = changes.tables.filter((one) => one.added > 0).map(({ table }) => table.split('.')[1]);
  expect(added, name).toEqual(expect.arrayContaining(['orders', 'order_lines', 'Audit Log', 'page_views']));

  const { endpoint, port } = result.cluster ?? {};
  if (endpoint == null || port == null) throw new Error('the recovered cluster has no endpoint');
  const recovered = { ...address, host: endpoint, port };
  expect(await askOnce(world.database, recovered, script.probe), name).toEqual(answer);
};

/** The tests of extracts have the other one happen, on both engines. */
const tried = accidents.filter(({ name }) => name !== 'wrong-customer');

const broken = { name: 'typo.sql', sql: 'delete from ordres' };

for (const engine of engineNames) {
  test
    .skipIf(engine === 'mysql' && !hasMariadb)
    .concurrent(
      `${engine}, one accident after the other while others write: each is recovered from, and its harm is told exactly and apart; statements that fail are named`,
      async () => {
        const world = await startWorld[engine]();
        try {
          const load = await world.source.startWriteLoad();
          for (const accident of tried) await recoverFrom(accident, engine, world);
          // It met no accident.
          await load.stop();
          const address = localAddress(engine, world.source.port, testPlan().database);
          await expect(letHappen(broken, { ...world, address })).rejects.toMatchObject({
            name: 'SqlFileFailed',
            summary: expect.stringMatching(/^typo\.sql: .*ordres/),
          });
        } finally {
          await world.keeper.close();
        }
      },
    );
}
