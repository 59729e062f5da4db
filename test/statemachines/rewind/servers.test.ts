import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BacktrackSettings } from '../../../local/aurora/backtracks.ts';
import { playBinlog } from '../../../local/aurora/database.ts';
import { startRewind } from '../../../local/machine/rewind.ts';
import type { Aurora } from '../../../shared/aurora/port.ts';
import { systemClock } from '../../../shared/clock.ts';
import { addSeconds, toNextSecond } from '../../../shared/instants.ts';
import type { RewindDocument } from '../../../shared/rewind/document.ts';
import { type Backtracked, now, startBacktracked } from '../../local/backtracked.ts';
import { hasMariadb } from '../../local/mariadb.ts';
import { plansText, until } from '../../local/world.ts';
import { testPrices } from '../../shared/result/prices-fixture.ts';

const plans = `${plansText}    rewind: allowed\n    sideEffects: accepted\n`;

describe.skipIf(!hasMariadb)('the rewind on MariaDB', () => {
  let here: Backtracked;
  beforeAll(async () => {
    here = await startBacktracked();
  });
  afterAll(() => here?.world.keeper.close());

  /** Backtrack of its own, and every call to go back. */
  const startRewinding = (changes: Partial<BacktrackSettings> = {}) => {
    const settings = { targetSeconds: 3600, olderSeconds: 600, ...changes };
    const aurora = here.startAurora(settings);
    const calls: string[] = [];
    const counted: Aurora = {
      ...aurora,
      backtrackCluster: (request) => {
        calls.push(request.to);
        return aurora.backtrackCluster(request);
      },
    };
    const runOnce = async (input: object): Promise<RewindDocument> => {
      const execution = await startRewind({
        name: `local-${crypto.randomUUID()}`,
        input,
        waitMs: 20,
        world: {
          aurora: counted,
          database: playBinlog(here.world.database, settings),
          notify: async () => {},
          readPlans: async () => plans,
          placeOf: () => 'rewinds/report.html',
          file: async () => {},
          prices: () => testPrices,
          onCheck: () => {},
          watch: async () => {},
          now: systemClock,
          pause: async () => {},
          warn: () => {},
        },
      });
      return (await execution.finished).result;
    };
    return {
      calls,
      /** The pre-flight, and what it says confirms it. */
      rewind: async (input: object): Promise<RewindDocument> => {
        const preflight = await runOnce(input);
        const { confirmed } = preflight.next;
        return confirmed === null ? preflight : runOnce(JSON.parse(confirmed));
      },
    };
  };

  /** Runs a statement in a second of its own. @returns a whole second at which its rows are there, and nothing later */
  const step = async (sql: string): Promise<{ restoreTo: string; sum: string }> => {
    const { at, sum } = await here.step(sql);
    const restoreTo = toNextSecond(at);
    await until(
      async () => now(),
      (instant) => instant > addSeconds(restoreTo, 0.05),
    );
    await here.world.source.markPlace();
    return { restoreTo, sum };
  };

  test('back three steps, forward one, and back to where we were with the input that was printed: rows as they were each time', async () => {
    const { rewind, calls } = startRewinding();
    const first = await step("update orders set item = 'first' where id <= 100");
    const second = await step('delete from orders where id % 2 = 0');
    await step('alter table orders add column needed integer not null');
    const last = await step("update orders set item = concat(item, '!')");

    const back = await rewind({ restoreTo: first.restoreTo });
    const seen = [await here.sumUp()];
    const forward = await rewind({ restoreTo: second.restoreTo });
    seen.push(await here.sumUp());
    const where = await rewind(JSON.parse(back.next.back ?? 'null'));
    seen.push(await here.sumUp());

    expect([back, forward, where].map(({ outcome, failure }) => failure ?? outcome)).toEqual(
      Array(3).fill('rewound'),
    );
    expect(seen).toEqual([first.sum, second.sum, last.sum]);
    expect(new Set(seen).size).toBe(3);
    expect(calls).toEqual([first.restoreTo, second.restoreTo, where.restore.restoreTo]);
    expect(new Set([back, forward, where].map(({ clone }) => clone?.identifier)).size).toBe(3);
    expect(back.changes?.summary).toContain('shop.orders');
    await here.query('alter table orders drop column needed');
  });

  test('written to after a rewind: the way forward is refused, the pre-flight has told of it, and the rows stay', async () => {
    const { rewind, calls } = startRewinding();
    const good = await step("update orders set item = 'good'");
    const bad = await step("update orders set item = 'bad'");
    await rewind({ restoreTo: good.restoreTo });
    const after = await step("insert into orders (item) values ('after')");
    const { outcome, failure, preflight, next } = await rewind({ restoreTo: bad.restoreTo });
    expect({ outcome, cause: failure?.cause }).toEqual({
      outcome: 'blocked',
      cause: expect.stringContaining('what was written after a rewind replaced it'),
    });
    expect(preflight?.facts.find(({ name }) => name === 'line of time')?.sentence).toContain(
      'it can be reached only if nothing was written since',
    );
    expect(JSON.parse(next.recover ?? 'null')).toMatchObject({ restoreTo: bad.restoreTo });
    expect(await here.sumUp()).toBe(after.sum);
    expect(calls).toHaveLength(2);
  });

  test.each([
    ['lost-answer', 'rewound', null, 'good'],
    ['failed', 'failed', 'RewindFailed', 'bad'],
    ['other-time', 'other-time', 'RewoundLater', 'bad'],
    ['overtaken', 'blocked', 'RewindBlocked', 'bad'],
  ] as const)('%s: %s, one call, and the rows of the time it says', async (fault, outcome, error, rows) => {
    const { rewind, calls } = startRewinding({ fault });
    const good = await step("update orders set item = 'good'");
    const bad = await step("update orders set item = 'bad'");
    const rewound = await rewind({ restoreTo: good.restoreTo });
    expect([rewound.outcome, rewound.failure?.error ?? null]).toEqual([outcome, error]);
    expect(calls).toEqual([good.restoreTo]);
    expect(await here.sumUp()).toBe({ good, bad }[rows].sum);
    expect(rewound.clone?.isUsable).toBe(true);
  });
});
