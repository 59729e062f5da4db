import type { BadRewind } from '../../shared/messages/rewind-bad-end.ts';
import { unknownVolume } from '../../shared/result/volume.ts';
import { codeEnd, makeCode } from '../../shared/rewind/code.ts';
import type { RewindOutcome } from '../../shared/rewind/document.ts';
import type { RewindFacts } from '../../shared/rewind/facts.ts';
import { safetyCloneNames } from '../../shared/rewind/names.ts';
import { checkReadiness } from '../../shared/rewind/preflight.ts';

/** The rewind that the pages show: a column without a default broke every insert, two minutes after its migration. */

const startedAt = '2026-11-19T03:00:00Z';
const restoreTo = '2026-11-19T02:50:00Z';
const { cluster, writer } = safetyCloneNames('shop', startedAt);

/** An Aurora MySQL cluster that can be rewound. */
export const exampleFacts: RewindFacts = {
  source: {
    identifier: 'shop',
    resourceId: 'cluster-SHOP',
    engine: 'aurora-mysql',
    engineVersion: '8.0.mysql_aurora.3.08.0',
    engineMode: 'provisioned',
    status: 'available',
    createdAt: '2026-01-05T09:00:00Z',
    backtrack: { targetSeconds: 86_400, earliestTime: '2026-11-18T03:00:00Z' },
    isServerlessV2: false,
    globalCluster: null,
    replicatesFrom: null,
    replicas: [],
  },
  backtracks: { value: [] },
  upgrades: { value: [] },
  blueGreens: { value: [] },
  binlog: { value: { isOn: false, seenBy: 'server', consumers: [] } },
  activity: { value: { writesPerSecond: 0, connections: 3 } },
};

/** As the pre-flight of the example sees other facts. */
export const judgeExample = (facts: RewindFacts): RewindOutcome['preflight'] =>
  checkReadiness(facts, { to: restoreTo, now: startedAt });

export const rewindExample: RewindOutcome = {
  id: '4d5e6f7a',
  plan: 'shop',
  source: 'shop',
  engine: 'aurora-mysql',
  trigger: { kind: 'manual', reason: 'the migration of 02:52 broke every insert' },
  dryRun: false,
  wish: {},
  preflight: judgeExample(exampleFacts),
  code: null,
  restore: { restoreTo, reached: '2026-11-19T02:49:59.500Z' },
  backtrack: {
    identifier: '8f0c4f2e-7d1b-4c53-9a55-2b6f0a1c9d3e',
    to: '2026-11-19T02:49:59.500Z',
    from: '2026-11-19T03:14:02Z',
    requestedAt: '2026-11-19T03:14:03Z',
    status: 'completed',
  },
  clone: {
    identifier: cluster,
    endpoint: `${cluster}.cluster-c1a2b3.eu-west-1.rds.amazonaws.com`,
    port: 3306,
    isUsable: true,
  },
  changes: {
    summary: 'shop.orders: 12 gone; 1 column gone (coupon)',
    lines: [
      'shop.orders: 12 gone: id 9001, 9002 and 10 more',
      'shop.orders: column coupon gone',
      '11 tables unchanged',
    ],
    found: null,
  },
  tests: [
    {
      name: 'test checkout works',
      kind: 'query',
      table: null,
      expected: 0,
      actual: '0',
      tolerance: null,
      verdict: 'passed',
      reason: 'the answer is as expected',
    },
  ],
  phases: [
    { name: 'PrepareRewind', startedAt, endedAt: '2026-11-19T03:00:03Z', seconds: 3 },
    {
      name: 'CheckCluster',
      startedAt: '2026-11-19T03:00:08Z',
      endedAt: '2026-11-19T03:06:10Z',
      seconds: 362,
    },
    { name: 'CheckWriter', startedAt: '2026-11-19T03:06:11Z', endedAt: '2026-11-19T03:14:00Z', seconds: 469 },
    { name: 'CheckRewind', startedAt: '2026-11-19T03:14:03Z', endedAt: '2026-11-19T03:17:40Z', seconds: 217 },
    { name: 'VerifyRewind', startedAt: '2026-11-19T03:17:40Z', endedAt: '2026-11-19T03:18:00Z', seconds: 20 },
  ],
  resources: [
    { kind: 'cluster', name: cluster, createdAt: '2026-11-19T03:00:05Z' },
    { kind: 'instance', name: writer, createdAt: '2026-11-19T03:06:10Z' },
  ],
  cost: {
    used: {
      instance: null,
      storageMinutes: 18,
      isIoOptimized: false,
      volume: unknownVolume,
      isStanding: true,
      undated: [],
      stateTransitions: 70,
      functionSeconds: 40,
      functionGiBSeconds: 14,
    },
    estimate: { low: 0.2, high: 0.3, currency: 'USD' },
    assumptions: ['list prices'],
  },
  startedAt,
  endedAt: '2026-11-19T03:18:02Z',
  failures: [],
};

/** Before anything was made. */
export const nothingRewound = {
  restore: { restoreTo, reached: null },
  backtrack: null,
  clone: null,
  changes: null,
  tests: [],
  phases: rewindExample.phases.slice(0, 1),
  resources: [],
  endedAt: '2026-11-19T03:00:05Z',
} satisfies Partial<RewindOutcome>;

/** The pre-flight that the rewind was confirmed with. */
export const readyExample: RewindOutcome = {
  ...rewindExample,
  ...nothingRewound,
  dryRun: true,
  code: { value: makeCode({ facts: exampleFacts, to: restoreTo }, startedAt), until: codeEnd(startedAt) },
};

/** Somebody stopped the confirmed rewind while RDS was at it. */
export const stoppedExample: BadRewind = {
  execution: {
    arn: 'arn:aws:states:eu-west-1:123456789012:execution:aurora-drills-prod-rewind:by-hand',
    name: 'by-hand',
    status: 'ABORTED',
    input: null,
    startedAt: '2026-11-19T03:04:00Z',
    error: null,
    cause: null,
  },
  typed: {
    plan: 'shop',
    reason: 'the migration of 02:52 broke every insert',
    dryRun: false,
    restoreTo,
    wish: {},
  },
  confirm: makeCode({ facts: exampleFacts, to: restoreTo }, startedAt),
  source: 'shop',
  traces: {
    clone: {
      cluster,
      instances: [writer],
      restoreTo: startedAt,
      costAnHour: { low: 0.55, high: 0.55, currency: 'USD' },
    },
    status: 'backtracking',
    rewind: {
      asked: {
        identifier: '8f0c4f2e-7d1b-4c53-9a55-2b6f0a1c9d3e',
        to: restoreTo,
        from: null,
        requestedAt: '2026-11-19T03:14:03Z',
        status: 'applying',
      },
      later: null,
    },
  },
  report: null,
};
