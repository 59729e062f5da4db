import type { RehearsalOutcome } from '../../shared/rehearsal/document.ts';
import type {
  ChangeMeasured,
  LockHeld,
  StatementMeasured,
  TableMeasured,
} from '../../shared/rehearsal/measured.ts';
import { unknownVolume } from '../../shared/result/volume.ts';

/** The rehearsals that the pages show: of a change that blocks, and of its safer form. */

const quietTable: TableMeasured = {
  table: 'public.users',
  blockedRead: { longestMs: 0, stretches: [] },
  blockedWrite: { longestMs: 0, stretches: [] },
  queuedMs: 0,
  isRewritten: false,
  rowsScanned: 0,
  growthBytes: 0,
  indexGrowthBytes: 0,
};

const quietStatement: StatementMeasured = {
  number: 1,
  line: 1,
  sql: "set lock_timeout = '200ms';",
  fromMs: 0,
  toMs: 1,
  isInTransaction: false,
  lockWaitMs: 0,
  locks: [],
  tables: [],
  logBytes: 0,
  leftInvalid: [],
  algorithm: null,
  error: null,
  lockTimeouts: 0,
  isCancelled: false,
  notMeasured: [],
};

const lockOf = (fromMs: number, toMs: number): LockHeld => ({
  relation: 'public.users',
  mode: 'AccessExclusiveLock',
  fromMs,
  toMs,
});

const measured: Omit<ChangeMeasured, 'statements' | 'lockTimeoutMs'> = {
  engine: 'aurora-postgresql',
  serverVersion: '17.7',
  contender: { seconds: 2, tables: ['public.users'] },
  isFinished: true,
};

/** A column with a volatile default on a large table: every login waits. */
export const storyChange: ChangeMeasured = {
  ...measured,
  lockTimeoutMs: null,
  statements: [
    {
      ...quietStatement,
      sql: 'alter table users add column token uuid default gen_random_uuid();',
      toMs: 87_010,
      lockWaitMs: 1990,
      locks: [lockOf(1990, 87_010)],
      tables: [
        {
          ...quietTable,
          blockedRead: { longestMs: 87_000, stretches: [{ fromMs: 10, toMs: 87_010 }] },
          blockedWrite: { longestMs: 87_000, stretches: [{ fromMs: 10, toMs: 87_010 }] },
          queuedMs: 1980,
          isRewritten: true,
          rowsScanned: 12_400_000,
          growthBytes: 1_288_490_188,
          indexGrowthBytes: -4096,
        },
      ],
      logBytes: 3_006_477_107,
    },
  ],
};

/** The column alone, and a lock timeout that ended one wait. */
export const saferChange: ChangeMeasured = {
  ...measured,
  lockTimeoutMs: 200,
  statements: [
    quietStatement,
    {
      ...quietStatement,
      number: 2,
      line: 2,
      sql: 'alter table users add column token uuid;',
      fromMs: 2213,
      toMs: 2215,
      lockWaitMs: 200,
      locks: [lockOf(2213, 2215)],
      tables: [
        {
          ...quietTable,
          blockedRead: { longestMs: 201, stretches: [{ fromMs: 12, toMs: 213 }] },
          blockedWrite: { longestMs: 203, stretches: [{ fromMs: 11, toMs: 214 }] },
          queuedMs: 200,
        },
      ],
      logBytes: 2048,
      lockTimeouts: 1,
    },
  ],
};

const startedAt = '2026-11-19T09:00:00Z';
const clone = 'drill-shop-7a8b9c0d';

export const storyExample: RehearsalOutcome = {
  id: '7a8b9c0d',
  plan: 'shop',
  source: 'shop',
  engine: 'aurora-postgresql',
  trigger: { kind: 'manual', reason: 'login tokens, pull request 412' },
  dryRun: false,
  change: { summary: '1 statement, in the input', storedAt: null },
  limits: { blockedReadMs: 500, blockedWriteMs: 1000, durationSeconds: 600, rewrites: 'never' },
  contenderSeconds: 2,
  clone,
  differences: ["The clone's writer is a db.r8g.large, production's a db.r8g.4xlarge."],
  sideEffects: '',
  measured: storyChange,
  scriptNotes: [],
  phases: [
    { name: 'RestoreCluster', startedAt, endedAt: '2026-11-19T09:00:04Z', seconds: 4 },
    {
      name: 'CheckCluster',
      startedAt: '2026-11-19T09:00:04Z',
      endedAt: '2026-11-19T09:03:10Z',
      seconds: 186,
    },
    { name: 'CheckWriter', startedAt: '2026-11-19T09:03:10Z', endedAt: '2026-11-19T09:08:40Z', seconds: 330 },
    {
      name: 'RehearseChange',
      startedAt: '2026-11-19T09:08:40Z',
      endedAt: '2026-11-19T09:10:20Z',
      seconds: 100,
    },
  ],
  teardown: { status: 'pending', deleted: [] },
  resources: [
    { kind: 'cluster', name: clone, createdAt: startedAt, deletedAt: null },
    { kind: 'instance', name: `${clone}-writer`, createdAt: '2026-11-19T09:03:10Z', deletedAt: null },
  ],
  cost: {
    used: {
      instance: {
        class: 'db.r8g.large',
        capacity: null,
        minutes: 10,
        isSeenAvailable: true,
      },
      storageMinutes: 10,
      isIoOptimized: false,
      volume: unknownVolume,
      undated: [],
      isStanding: false,
      stateTransitions: 60,
      functionSeconds: 110,
      functionGiBSeconds: 52,
    },
    estimate: { low: 0.05, high: 0.06, currency: 'USD' },
    assumptions: ['list prices of us-east-1 as of 2026-11-01, before tax and discounts: config/prices.json'],
  },
  startedAt,
  endedAt: '2026-11-19T09:10:20Z',
  failures: [],
};

export const saferExample: RehearsalOutcome = {
  ...storyExample,
  change: { summary: '2 statements, in the input', storedAt: null },
  measured: saferChange,
};
