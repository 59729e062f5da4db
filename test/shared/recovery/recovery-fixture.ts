import { adviseRecovery } from '../../../shared/recovery/advice.ts';
import {
  buildRecovery,
  type RecoveryDocument,
  type RecoveryOutcome,
} from '../../../shared/recovery/document.ts';
import { recoveredNames } from '../../../shared/recovery/names.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { makeResult } from '../drill/result-fixture.ts';
import { makeFacts, now } from './facts-fixture.ts';

const restoreTo = '2026-11-19T02:50:00Z';
const { cluster, writer } = recoveredNames('shop', restoreTo);

export const makeTest = (name: string, verdict: CheckResult['verdict']): CheckResult => ({
  name: `test ${name}`,
  kind: 'query',
  table: null,
  expected: 0,
  actual: verdict === 'failed' ? '12' : '0',
  tolerance: null,
  verdict,
  reason: verdict === 'failed' ? 'the answer differs' : 'the answer is as expected',
});

/** A recovery of the shop that went well: to ten minutes ago, after a bad update. */
export const makeOutcome = (changes: Partial<RecoveryOutcome> = {}): RecoveryOutcome => ({
  id: '5e6f7a8b',
  plan: 'shop',
  source: 'shop',
  engine: 'aurora-postgresql',
  old: {
    resourceId: 'cluster-SHOP',
    endpoint: 'shop.cluster-c1a2b3.eu-west-1.rds.amazonaws.com',
    stands: true,
  },
  trigger: { kind: 'manual', reason: 'a bad update at 02:51' },
  dryRun: false,
  advice: adviseRecovery(makeFacts(), 'auto', now),
  restore: { kind: 'point-in-time', restoreTo, reached: restoreTo },
  cluster: {
    identifier: cluster,
    writer,
    endpoint: `${cluster}.cluster-c1a2b3.eu-west-1.rds.amazonaws.com`,
    readerEndpoint: `${cluster}.cluster-ro-c1a2b3.eu-west-1.rds.amazonaws.com`,
    port: 5432,
    isUsable: true,
    owner: null,
  },
  readers: [
    {
      identifier: `${cluster}-reader-1`,
      instanceClass: 'db.r8g.large',
      promotionTier: 1,
      like: 'shop-2',
      isReady: true,
    },
  ],
  usableAfterSeconds: 1320,
  changes: {
    summary: 'public.orders: 1,204 changed (in amount), 3 new',
    lines: [
      'public.orders: 1,204 changed (in amount): id 7, 9 and 1,202 more; 3 new: id 9001, 9002, 9003',
      '11 tables unchanged',
    ],
    found: { tables: [] },
  },
  tests: [makeTest('checkout works', 'passed'), makeTest('bad rows gone', 'passed')],
  settings: [
    { setting: 'port', source: '5432', recovered: '5432', outcome: 'same', command: null },
    {
      setting: 'IAM roles',
      source: 'arn:aws:iam::1:role/load',
      recovered: 'none',
      outcome: 'to do',
      command: `aws rds add-role-to-db-cluster --db-cluster-identifier ${cluster} --role-arn arn:aws:iam::1:role/load`,
    },
    {
      setting: 'targets of RDS Proxy',
      source: null,
      recovered: null,
      outcome: 'not known',
      command: 'aws rds describe-db-proxies',
    },
  ],
  phases: [
    { name: 'PrepareRecovery', startedAt: now, endedAt: '2026-11-19T03:00:02Z', seconds: 2 },
    {
      name: 'RestoreCluster',
      startedAt: '2026-11-19T03:00:02Z',
      endedAt: '2026-11-19T03:00:05Z',
      seconds: 3,
    },
    {
      name: 'VerifyRecovery',
      startedAt: '2026-11-19T03:00:05Z',
      endedAt: '2026-11-19T03:23:00Z',
      seconds: 1375,
    },
  ],
  resources: [
    { kind: 'cluster', name: cluster, createdAt: '2026-11-19T03:00:03Z' },
    { kind: 'instance', name: writer, createdAt: '2026-11-19T03:12:00Z' },
    { kind: 'instance', name: `${cluster}-reader-1`, createdAt: '2026-11-19T03:23:00Z' },
  ],
  cost: makeResult().cost,
  startedAt: now,
  endedAt: '2026-11-19T03:31:00Z',
  failures: [],
  ...changes,
});

export const makeRecovery = (changes: Partial<RecoveryOutcome> = {}): RecoveryDocument =>
  buildRecovery(makeOutcome(changes));

/** Before anything was made. */
export const nothingMade: Partial<RecoveryOutcome> = {
  restore: { kind: null, restoreTo, reached: null },
  cluster: null,
  readers: [],
  usableAfterSeconds: null,
  changes: null,
  tests: [],
  settings: [],
  phases: [],
  resources: [],
};
