import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RewindFacts } from '../../../shared/rewind/facts.ts';
import { checkReadiness } from '../../../shared/rewind/preflight.ts';
import { makeFacts } from './facts-fixture.ts';

/**
 * A cluster as it is, told in seconds before now, with every reason for which Aurora refuses a rewind: it knows nothing of the
 * code that is tested.
 */
const cluster = fc.record({
  engine: fc.constantFrom('aurora-mysql', 'aurora-mysql', 'aurora-mysql', 'aurora-postgresql'),
  mode: fc.constantFrom('provisioned', 'provisioned', 'provisioned', 'serverless', null),
  hasBacktrack: fc.boolean(),
  window: fc.option(fc.integer({ min: 0, max: 90_000 }), { freq: 9 }),
  asked: fc.integer({ min: -600, max: 90_000 }),
  age: fc.option(fc.integer({ min: 0, max: 400_000 }), { freq: 9 }),
  status: fc.constantFrom(
    'available',
    'available',
    'available',
    'backing-up',
    'backtracking',
    'stopped',
    'new-word',
  ),
  rewind: fc.constantFrom(null, null, 'completed', 'failed', 'pending', 'applying', 'unknown'),
  upgraded: fc.constantFrom(null, null, 'unknown', 1000, 50_000),
  isGlobal: fc.constantFrom(false, false, false, true),
  replica: fc.constantFrom('none', 'none', 'none', 'of another', 'has one'),
  blueGreen: fc.constantFrom('none', 'none', 'source', 'target', 'unknown'),
  binlog: fc.constantFrom(
    'off',
    'off',
    'off',
    'on',
    'off by its group',
    'on by its group',
    'unknown',
    'read all the same',
  ),
  activity: fc.constantFrom('quiet', 'quiet', 'written', 'unknown'),
});
type World = typeof cluster extends fc.Arbitrary<infer Value> ? Value : never;

const healthy: World = {
  engine: 'aurora-mysql',
  mode: 'provisioned',
  hasBacktrack: true,
  window: 86_400,
  asked: 600,
  age: 300_000,
  status: 'available',
  rewind: null,
  upgraded: null,
  isGlobal: false,
  replica: 'none',
  blueGreen: 'none',
  binlog: 'off',
  activity: 'quiet',
};

/** A few things are as they happen to be, and all others as they should be, so that each refusal also applies alone. */
const world = fc
  .tuple(cluster, fc.subarray(Object.keys(healthy) as (keyof World)[], { maxLength: 4 }))
  .map(([any, keys]): World => ({ ...healthy, ...Object.fromEntries(keys.map((key) => [key, any[key]])) }));

const now = Date.parse('2026-11-19T03:00:00Z');
const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString().replace('.000Z', 'Z');
const unknown = { unknown: 'nobody could ask' };
/** A rewind that was asked for 300 s ago, and went back to 40,000 s ago. */
const rewound = { requested: 300, back: 40_000 };

const isSince = ({ upgraded, asked }: World): boolean => typeof upgraded === 'number' && asked >= upgraded;

const listRefusals = (world: World): string[] => {
  const isTakenBack = world.asked >= rewound.requested && world.asked < rewound.back;
  const rules: [boolean, string][] = [
    [world.engine !== 'aurora-mysql', 'another engine'],
    [world.mode !== 'provisioned', 'another mode'],
    [!world.hasBacktrack, 'off'],
    [world.asked <= 0, 'not past'],
    [world.window === null || world.asked > world.window - 120, 'outside the window, or too near its end'],
    [world.age === null || world.asked >= world.age, 'before the creation'],
    [world.status !== 'available', 'not available'],
    [['pending', 'applying', 'unknown'].includes(world.rewind ?? ''), 'another rewind goes on'],
    [world.upgraded === 'unknown' || isSince(world), 'upgraded since'],
    [world.isGlobal, 'a Global Database'],
    [world.replica !== 'none', 'replicas'],
    [world.blueGreen !== 'none', 'Blue/Green'],
    [world.binlog !== 'off', 'binary log'],
    [world.activity === 'unknown', 'nobody knows who writes'],
    [
      world.rewind === 'completed' && isTakenBack && world.activity !== 'quiet',
      'taken back and written over',
    ],
  ];
  return rules.flatMap(([applies, name]) => (applies ? [name] : []));
};

const toFacts = (world: World): RewindFacts => {
  const { rewind, upgraded, blueGreen, binlog, window } = world;
  const deployment = {
    identifier: 'bgd-1',
    source: null,
    target: null,
    status: 'AVAILABLE',
    [blueGreen]: 'shop',
  };
  return makeFacts({
    source: {
      engine: world.engine,
      engineMode: world.mode,
      status: world.status,
      createdAt: world.age === null ? null : ago(world.age),
      backtrack: world.hasBacktrack
        ? { targetSeconds: 86_400, earliestTime: window === null ? null : ago(window) }
        : null,
      globalCluster: world.isGlobal ? 'world' : null,
      replicatesFrom: world.replica === 'of another' ? 'arn:another' : null,
      replicas: world.replica === 'has one' ? ['arn:one'] : [],
    },
    backtracks:
      rewind === 'unknown'
        ? unknown
        : {
            value:
              rewind === null
                ? []
                : [
                    {
                      identifier: 'bt-1',
                      to: ago(rewound.back),
                      from: ago(rewound.requested),
                      requestedAt: ago(rewound.requested),
                      status: rewind,
                    },
                  ],
          },
    upgrades:
      upgraded === 'unknown'
        ? unknown
        : {
            value: typeof upgraded === 'number' ? [{ at: ago(upgraded), message: 'has been upgraded' }] : [],
          },
    blueGreens: blueGreen === 'unknown' ? unknown : { value: blueGreen === 'none' ? [] : [deployment] },
    binlog:
      binlog === 'unknown'
        ? unknown
        : {
            value: {
              isOn: binlog.startsWith('on'),
              seenBy: binlog.endsWith('group') ? 'parameter group' : 'server',
              consumers: binlog === 'read all the same' ? ['a replica'] : [],
            },
          },
    activity:
      world.activity === 'unknown'
        ? unknown
        : { value: { writesPerSecond: world.activity === 'written' ? 5 : 0, connections: 1 } },
  });
};

/** Everything that can be wrong, is. */
const worst: World = {
  engine: 'aurora-postgresql',
  mode: 'serverless',
  hasBacktrack: false,
  window: null,
  asked: 0,
  age: 0,
  status: 'stopped',
  rewind: 'pending',
  upgraded: 0,
  isGlobal: true,
  replica: 'has one',
  blueGreen: 'source',
  binlog: 'on',
  activity: 'unknown',
};

test('any facts: ready if nothing that Aurora refuses applies and all is known, and never otherwise', () => {
  const seenAlone = new Set<string>();
  fc.assert(
    fc.property(world, (one) => {
      const refusals = listRefusals(one);
      const { verdict } = checkReadiness(toFacts(one), { to: ago(one.asked), now: ago(0) });
      expect({ isReady: verdict === 'ready', refusals, one }).toEqual({
        isReady: refusals.length === 0,
        refusals,
        one,
      });
      if (refusals.length < 2) seenAlone.add(refusals[0] ?? 'none');
    }),
    // The rarest of them, which random worlds may miss.
    { numRuns: 10_000, examples: [[{ ...healthy, rewind: 'completed', activity: 'written' }]] },
  );
  // A generator that never makes a cluster of one kind would prove nothing of it.
  expect([...seenAlone].toSorted()).toEqual(
    [...listRefusals(worst), 'taken back and written over', 'none'].toSorted(),
  );
});
