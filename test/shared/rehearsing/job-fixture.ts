import { addSeconds } from '../../../shared/instants.ts';
import { pack } from '../../../shared/job/packing.ts';
import { fixJob } from '../../../shared/job/preparation.ts';
import { describeProduction } from '../../../shared/job/production.ts';
import type { Execution } from '../../../shared/job/state.ts';
import type { RehearsalPreparation, RehearsalState } from '../../../shared/rehearsing/state.ts';
import { makeInstance } from '../../functions/fakes.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';

export const execution: Execution = {
  id: 'arn:aws:states:eu-west-1:111122223333:execution:aurora-drills-prod-rehearse:by-hand-1',
  name: 'by-hand-1',
  startedAt: '2026-11-16T08:00:00Z',
  input: { plan: 'main', change: ['alter table users add column locale text'] },
};

export const source = makeCluster({ masterUser: 'app_owner' });
export const writer = makeInstance('prod-aurora-main-1', {
  cluster: source.identifier,
  instanceClass: 'db.r8g.large',
  endpoint: 'prod-aurora-main-1.c1a2b3.eu-west-1.rds.amazonaws.com',
});

/** A rehearsal of one statement, once its first state has run. */
export const makeJob = (changes: Partial<RehearsalPreparation> = {}): RehearsalPreparation => ({
  ...fixJob({
    kind: 'rehearse',
    execution,
    plan: { name: 'main', timeoutMinutes: 90, restore: {} },
    sources: [source.identifier],
    source,
    instances: [writer],
    copyKind: 'clone',
    restoreTo: null,
    teardownMinutes: 60,
  }),
  trigger: { kind: 'manual', reason: null },
  dryRun: false,
  summary: '1 statement',
  change: pack(['alter table users add column locale text']),
  storedAt: null,
  limits: { blockedReadMs: 500, blockedWriteMs: 1000, durationSeconds: 600, rewrites: 'never' },
  contenderSeconds: 2,
  production: describeProduction(source, [writer]),
  sourceAddress: {
    engine: source.engine,
    host: source.readerEndpoint ?? '',
    port: source.port,
    database: 'app',
    user: 'drill_reader',
  },
  sideEffects: { action: 'refuse', quiet: [] },
  differences: [],
  ...changes,
});

/** The clone as RDS describes it. */
export const makeClone = (job = makeJob()) =>
  makeCluster({
    identifier: job.target.cluster,
    endpoint: `${job.target.cluster}.cluster-c1a2b3.eu-west-1.rds.amazonaws.com`,
    tags: job.tags,
    masterUser: 'app_owner',
    createdAt: addSeconds(execution.startedAt, 60),
  });

const stamps = { startedAt: '2026-11-16T08:10:00Z', endedAt: '2026-11-16T08:10:01Z' };
export const timed = { ...stamps, passes: 1, functionSeconds: 1 };

/** The state data up to a clone whose password is set. */
export const makeState = (job = makeJob()): RehearsalState => {
  const { endpoint, port } = makeClone(job);
  return {
    execution,
    PrepareRehearsal: { ...job, ...timed },
    AskProduction: { doubt: '', ...timed },
    RestoreCluster: { cluster: job.target.cluster, requestedAt: stamps.startedAt, ...timed },
    CheckCluster: { status: 'ready', reason: 'the cluster is available', endpoint, port, ...timed },
    AddWriter: { instance: job.target.writer, ...timed },
    CheckWriter: { status: 'ready', reason: 'the instance is available', ...timed },
    SetPassword: { user: 'app_owner', ...timed },
    CheckPassword: { status: 'ready', reason: 'the cluster is available', ...timed },
  };
};
