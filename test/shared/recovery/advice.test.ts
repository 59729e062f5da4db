import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addSeconds, isAfter } from '../../../shared/instants.ts';
import { adviseRecovery, takeChoice } from '../../../shared/recovery/advice.ts';
import type { RecoveryFacts } from '../../../shared/recovery/facts.ts';
import { wishedMechanisms } from '../../../shared/recovery/input.ts';
import type { Choice, WayBack } from '../../../shared/recovery/way-back.ts';
import { backtrack, makeFacts, makeSnapshotAt, mysql, now } from './facts-fixture.ts';

const advise = (facts: RecoveryFacts, wish: (typeof wishedMechanisms)[number] = 'auto') =>
  adviseRecovery(facts, wish, now);
const find = (facts: RecoveryFacts, name: WayBack) => advise(facts).ways.find((way) => way.name === name);

const deleted = { status: null };
const longAgo = '2026-11-01T00:00:00Z';
const old = makeSnapshotAt('2026-10-31T12:00:00Z');

test.each(['point-in-time', 'snapshot', 'clone'] as const)(
  'mechanism %s that is possible: taken, though auto takes another',
  (wish) => {
    expect(advise(makeFacts({ restoreTo: null }), wish).choice).toMatchObject({ mechanism: wish });
  },
);

test('a mechanism that is not possible: NotRecoverable with every way and why', () => {
  const advice = advise(makeFacts(), 'clone');
  expect(() => takeChoice(advice, 'shop', 'clone')).toThrow(
    expect.objectContaining({
      name: 'NotRecoverable',
      summary:
        'shop cannot be recovered to 2026-11-19T02:50:00Z by clone; ' +
        'point-in-time: possible, 2026-11-19 02:50:00 UTC lies in the restorable window, 2026-11-12 00:00:00 UTC to 2026-11-19 02:56:00 UTC; ' +
        'snapshot: possible, rds:shop-2026-11-18, taken at 2026-11-18 02:10:00 UTC, is the newest snapshot before that time; ' +
        'clone: not possible, a clone has production as it is now, with what has happened to it since; ' +
        'backtrack: not possible, only Aurora MySQL has Backtrack; ' +
        'extract: possible, when few tables are damaged: take them out of a copy (point-in-time), and leave the rest of production alone',
    }),
  );
  expect(takeChoice(advise(makeFacts()), 'shop', 'auto')).toMatchObject({ mechanism: 'point-in-time' });
});

describe('what each way says of itself', () => {
  test('a snapshot: the gap is the loss, and what came after is in production alone', () => {
    expect(find(makeFacts({ restoreTo: longAgo, snapshots: [old] }), 'snapshot')).toMatchObject({
      loss: {
        seconds: 43_200,
        words:
          'what was written in the 12 h before 2026-11-01 00:00:00 UTC; what was written after 2026-11-01 00:00:00 UTC is in production alone',
      },
      minutes: null,
      costAnHour: { low: 0.55, high: 0.55, currency: 'USD' },
    });
  });

  test('Backtrack: all that was written since is lost, production itself is rewound, and nothing is paid', () => {
    expect(find(makeFacts({ ...mysql, backtrack }), 'backtrack')).toMatchObject({
      loss: {
        seconds: 600,
        words: 'everything that was written in the last 10 min, to all tables, for good',
      },
      production: expect.stringContaining('rewound'),
      costAnHour: { low: 0, high: 0 },
    });
  });

  test('minutes: from drills of that kind, null where none was measured', () => {
    const minutes = advise(makeFacts()).ways.map((way) => [way.name, way.minutes]);
    expect(Object.fromEntries(minutes)).toEqual({
      'point-in-time': 22,
      snapshot: null,
      clone: null,
      backtrack: null,
      extract: 22,
    });
  });

  test('a clone: without storage of its own, until it is the 16th', () => {
    const cost = (clones: number | null) =>
      find(makeFacts({ restoreTo: null, clones }), 'clone')?.costAnHour?.high;
    expect([cost(null), cost(14), cost(15)]).toEqual([0.5, 0.5, 0.55]);
  });

  test('no price known: no cost, rather than nothing', () => {
    const hourly = { instances: null, storage: 1, currency: 'USD' };
    expect(find(makeFacts({ hourly }), 'point-in-time')?.costAnHour).toBeNull();
  });
});

test.each([
  ['deleted', makeFacts({ source: deleted }), 'was deleted, so most of its settings are not known'],
  ['not available', makeFacts({ source: { status: 'modifying' } }), 'shop is modifying'],
  [
    'few instances left',
    makeFacts({ left: { clusters: 1, instances: 1 } }),
    'the account may have 1 more instances, and 2 are wanted',
  ],
  ['15 clones', makeFacts({ clones: 15 }), 'the next one is a full copy'],
  [
    'side effects accepted',
    makeFacts({ sideEffects: { refusal: null, doubt: 'acts in the copy: x' } }),
    'acts in the copy: x',
  ],
])('%s: a warning', (_, facts, words) => {
  expect(advise(facts).warnings).toEqual([expect.stringContaining(words)]);
});

test('nothing odd: no warning', () => {
  expect(advise(makeFacts()).warnings).toEqual([]);
});

describe('any facts', () => {
  const anyInstant = fc.integer({ min: -30 * 86_400, max: 3600 }).map((seconds) => addSeconds(now, seconds));
  const anyPast = anyInstant.map((instant) => (isAfter(instant, now) ? now : instant));
  const anySnapshot = fc.record({
    createdAt: fc.option(anyInstant),
    status: fc.constantFrom('available', 'creating'),
    clusterResourceId: fc.constantFrom(null, 'cluster-SHOP', 'cluster-OLD'),
  });
  const few = fc.option(fc.integer({ min: 0, max: 3 }));
  const anyFacts = fc
    .record({
      engine: fc.constantFrom('aurora-mysql', 'aurora-postgresql'),
      status: fc.constantFrom(
        null,
        'available',
        'stopped',
        'modifying',
        'deleting',
        'failed',
        'inaccessible-encryption-credentials',
      ),
      restoreTo: fc.option(anyInstant),
      window: fc.option(fc.tuple(anyPast, anyPast)),
      snapshots: fc.array(anySnapshot, { maxLength: 5 }),
      earliestTime: fc.option(anyInstant),
      left: fc.record({ clusters: few, instances: few }),
      clones: fc.option(fc.nat(20)),
      refusal: fc.option(fc.constant('a copy would act')),
    })
    .map(({ engine, status, window, snapshots, earliestTime, refusal, ...rest }) =>
      makeFacts({
        ...rest,
        source: { engine, status },
        window: window && { earliest: window.toSorted()[0] ?? now, latest: window.toSorted()[1] ?? now },
        snapshots: snapshots.map(({ createdAt, ...changes }) => ({
          ...makeSnapshotAt(now, changes),
          createdAt,
        })),
        backtrack: { targetSeconds: 86_400, earliestTime },
        sideEffects: { refusal, doubt: '' },
      }),
    );

  /** Written down once more, in other words than the code's. */
  const assertPossible = (choice: Choice, facts: RecoveryFacts): void => {
    const { source, restoreTo, window, snapshots, left, sideEffects } = facts;
    expect([left.clusters, left.instances]).not.toContain(0);
    expect(sideEffects.refusal).toBeNull();
    expect(source.status).not.toBe('inaccessible-encryption-credentials');
    expect(choice.lossSeconds).toBe((Date.parse(restoreTo ?? now) - Date.parse(choice.reaches)) / 1000);
    expect(isAfter(choice.reaches, now)).toBe(false);
    if (choice.mechanism === 'clone') expect([source.status, restoreTo]).toEqual(['available', null]);
    if (choice.mechanism === 'snapshot') {
      const taken = snapshots.filter(
        ({ createdAt, status }) => createdAt === choice.reaches && status === 'available',
      );
      expect(taken.some(({ clusterResourceId: of }) => of !== 'cluster-OLD')).toBe(true);
    }
    if (choice.mechanism === 'point-in-time') {
      expect(['deleting', 'failed']).not.toContain(source.status);
      expect(isAfter(window?.earliest ?? now, choice.reaches)).toBe(false);
      expect(isAfter(window?.latest ?? longAgo, choice.reaches)).toBe(!choice.isAhead);
      if (choice.isAhead) expect(['available', 'modifying']).toContain(source.status);
      expect(choice.resourceId).toBe(source.status === null ? 'cluster-SHOP' : null);
    }
  };

  test('what is chosen is possible by the facts, and shown as possible; nothing rewinds production', () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...wishedMechanisms), (facts, wish) => {
        const { choice, ways } = advise(facts, wish);
        expect(ways.map(({ name }) => name)).toEqual([
          'point-in-time',
          'snapshot',
          'clone',
          'backtrack',
          'extract',
        ]);
        if (choice === null) {
          const names = wish === 'auto' ? ['point-in-time', 'snapshot', 'clone'] : [wish];
          expect(ways.filter((way) => way.isPossible && names.includes(way.name))).toEqual([]);
          return;
        }
        if (wish !== 'auto') expect(choice.mechanism).toBe(wish);
        expect(ways.find(({ name }) => name === choice.mechanism)).toMatchObject({
          isPossible: true,
          why: choice.reason,
          loss: { seconds: choice.lossSeconds },
        });
        assertPossible(choice, facts);
      }),
      { numRuns: 2000 },
    );
  });
});
