import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addSeconds } from '../../../shared/instants.ts';
import { schedulerEvent, snsEvent, subscriptionBody } from '../../shared/monitors/rds-event-fixture.ts';
import { hourSeconds, hoursBefore, makeMysql, runBacktrackWindow } from './backtrack-world.ts';

const shrunk = ['backtrack-window-shrunk'];
const recovered = ['backtrack-window-recovered'];

const target = 24 * hourSeconds;

/** A window over time: how many seconds back it reaches at each hour, often just about its target. */
const reach = fc.oneof(
  fc.integer({ min: 0, max: target + 300 }),
  fc.integer({ min: target - 90, max: target + 30 }),
);
const history = fc.array(reach, { minLength: 1, maxLength: 100 });

/** The truth at one time. Two clocks may differ by a minute, so a minute short of the target is no certain loss. */
const judge = (reachSeconds: number, ageHours: number): 'young' | 'shrunk' | 'close' | 'full' => {
  if (ageHours < 25) return 'young';
  if (reachSeconds >= target) return 'full';
  return reachSeconds + 60 < target ? 'shrunk' : 'close';
};

const delivery = fc.record({
  // The hour of arrival, whatever the event says and was about.
  hour: fc.nat({ max: 99 }),
  id: fc.constantFrom('RDS-EVENT-0131', 'RDS-EVENT-0132'),
  instance: fc.constantFrom('prod-mysql-1', 'prod-mysql-2'),
  times: fc.integer({ min: 1, max: 3 }),
  isScheduled: fc.boolean(),
});

test('any history of a window, any events: every message and every ratio is the truth of its time', async () => {
  const begun = '2026-11-01T00:00:00Z';
  await fc.assert(
    fc.asyncProperty(history, fc.array(delivery), fc.nat({ max: 50 }), async (reaches, deliveries, age) => {
      for (const { hour, id, instance, times, isScheduled } of deliveries.toSorted(
        (a, b) => a.hour - b.hour,
      )) {
        const at = addSeconds(begun, hour * hourSeconds);
        const reachSeconds = reaches[hour % reaches.length] ?? 0;
        const cluster = makeMysql(0, {
          createdAt: hoursBefore(begun, age),
          backtrack: { targetSeconds: target, earliestTime: addSeconds(at, -reachSeconds) },
        });
        const truth = judge(reachSeconds, age + hour);
        const bodies = Array.from({ length: times }, () => subscriptionBody(id, instance));
        const event = isScheduled ? schedulerEvent() : snsEvent(...bodies);
        const { kinds, published } = await runBacktrackWindow(event, { clusters: [cluster], at });
        if (isScheduled) {
          const value = expect.closeTo(truth === 'shrunk' ? reachSeconds / target : 1, 6);
          expect(published).toEqual([{ name: 'BacktrackWindowRatio', cluster: 'prod-mysql', value, at }]);
        } else {
          const told = { young: [], close: [], shrunk, full: recovered };
          expect(kinds).toEqual(told[truth]);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('bodies of any kind: no crash, and no alert for a window that is whole', async () => {
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constant(subscriptionBody()).map((one) => JSON.stringify(one)),
    fc.tuple(fc.nat({ max: 300 }), fc.string({ maxLength: 3 })).map(([position, text]) => {
      const whole = JSON.stringify(subscriptionBody());
      return whole.slice(0, position) + text + whole.slice(position + text.length);
    }),
  );
  const event = fc.oneof(
    fc.array(body, { maxLength: 3 }).map((bodies) => snsEvent(...bodies)),
    fc.anything(),
    fc.dictionary(fc.constantFrom('Records', 'source', 'detail', 'detail-type'), fc.jsonValue()),
  );
  await fc.assert(
    fc.asyncProperty(event, async (fuzzed) => {
      const { outcome, kinds, warnings, published } = await runBacktrackWindow(fuzzed, {
        clusters: [makeMysql(24)],
      });
      expect(kinds).not.toContain('backtrack-window-shrunk');
      if (outcome instanceof Error) throw outcome;
      // What cannot be read is logged and counted, each time.
      const counted = published.find(({ name }) => name === 'UnparsableRdsEvents')?.value ?? 0;
      expect(counted).toBe(outcome.unparsable.length);
      expect(warnings).toHaveLength(outcome.unparsable.length > 0 ? 1 : 0);
    }),
    { numRuns: 2000 },
  );
});
