import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addSeconds } from '../../shared/instants.ts';
import { schedulerEvent, snsEvent, subscriptionBody } from '../shared/rds-event-fixture.ts';
import { hourSeconds, hoursBefore, makeMysql, runBacktrackWindow } from './backtrack-world.ts';

const shrunk = ['backtrack-window-shrunk'];
const recovered = ['backtrack-window-recovered'];

/** A window over time: at each hour, how many hours back it reaches of its target of 24. */
const history = fc.array(fc.double({ min: 0, max: 24, noNaN: true }), { minLength: 1, maxLength: 100 });
const delivery = fc.record({
  // When it arrives, whatever it says and whatever it once was about.
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
        const reach = reaches[hour % reaches.length] ?? 0;
        const cluster = makeMysql(0, {
          createdAt: hoursBefore(begun, age),
          backtrack: { targetSeconds: 24 * hourSeconds, earliestTime: hoursBefore(at, reach) },
        });
        const isYoung = age + hour < 25;
        // Within a minute of its target a window is whole: two clocks are never the same.
        const isShrunk = !isYoung && reach * hourSeconds + 60 < 24 * hourSeconds;
        const bodies = Array.from({ length: times }, () => subscriptionBody(id, instance));
        const event = isScheduled ? schedulerEvent() : snsEvent(...bodies);
        const { kinds, published } = await runBacktrackWindow(event, { clusters: [cluster], at });
        if (isScheduled) {
          expect(published).toMatchObject([{ cluster: 'prod-mysql', at }]);
          expect((published[0]?.value ?? Number.NaN) < 1).toBe(isShrunk);
        } else expect(kinds).toEqual(isYoung ? [] : isShrunk ? shrunk : recovered);
      }
    }),
    { numRuns: 300 },
  );
});

test('10,000 bodies of any kind: no crash, and no alert for a window that is whole', async () => {
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
    { numRuns: 10_000 },
  );
});
