import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startRewind } from '../../../local/machine/rewind.ts';
import { logCheck, logError } from '../../../shared/aws/lambda.ts';
import { systemClock } from '../../../shared/clock.ts';
import { addSeconds, toIso, toWholeSecond } from '../../../shared/instants.ts';
import { renderRewind } from '../../../shared/rewind/page.ts';
import { hasMariadb } from '../../local/mariadb.ts';
import { type MysqlTestWorld, plansText, startMysqlTestWorld } from '../../local/world.ts';
import { testPrices } from '../../shared/result/prices-fixture.ts';
import { keepPrinted, makeKept } from '../kept.ts';

// The logger is made as its module is read.
vi.hoisted(() => {
  process.env.POWERTOOLS_LOG_LEVEL = 'DEBUG';
});

const row = 'a row of a customer';
const planTest = 'both are there: { sql: select count(*) from orders, expect: 2 }';

describe.skipIf(!hasMariadb)('a rewind of real rows', () => {
  let world: MysqlTestWorld;
  const printed = keepPrinted();
  beforeAll(async () => {
    world = await startMysqlTestWorld(
      async ({ connection }) => {
        await connection.query('create table orders (id int primary key, item varchar(40))');
        await connection.query(`insert into orders values (1, '${row}'), (2, '${row}')`);
      },
      null,
      { targetSeconds: 3600, olderSeconds: 600 },
    );
  });
  afterAll(() => world?.keeper.close());

  const run = async (name: string, input: object) => {
    const { kept, keep, notify, ...watching } = makeKept(name);
    const { finished } = await startRewind({
      name,
      input,
      waitMs: 50,
      world: {
        aurora: world.aurora,
        database: world.database,
        notify,
        readPlans: async () =>
          plansText.replace(/(source: .*)/, `$1\n    rewind: allowed\n    tests: { ${planTest} }`),
        placeOf: () => 'report.html',
        file: async () => {},
        prices: () => testPrices,
        onCheck: logCheck,
        watch: async () => {},
        now: systemClock,
        pause: async () => {},
        warn: logError,
      },
      ...watching,
    });
    const { result } = await finished;
    keep(result);
    kept.push(renderRewind(result), ...printed());
    return { kept: kept.join('\n'), result };
  };

  test('what a rewind took away is told, and neither a password nor a value of a row stands in any state, log, message, document or page', async () => {
    const connection = await world.source.connect();
    await world.source.markPlace();
    const to = toWholeSecond(addSeconds(toIso(systemClock()), 1));
    await new Promise((resolve) => setTimeout(resolve, Date.parse(to) - Date.now() + 300));
    await connection.query('delete from orders where id = 2');
    await world.source.markPlace();
    await connection.end();

    const preflight = await run('local-secret-preflight', { restoreTo: to });
    expect(preflight.result.failure).toBeNull();
    const { kept, result } = await run(
      'local-secret-rewind',
      JSON.parse(preflight.result.next.confirmed ?? 'null'),
    );
    expect(result).toMatchObject({ outcome: 'rewound', failure: null });
    expect(result.changes?.summary).toContain('orders');
    for (const secret of [world.password, row]) {
      expect(preflight.kept).not.toContain(secret);
      expect(kept).not.toContain(secret);
    }
    // The log has been seen, or it would prove nothing.
    expect(kept).toContain('check done');
  });
});
