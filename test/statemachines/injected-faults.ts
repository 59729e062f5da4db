import { type ExecutionOptions, readDrillDefinition } from '../../local/machine/drill.ts';
import type { Cluster, ClusterList } from '../../shared/aurora/port.ts';
import { fromAwsError, fromAwsErrorAs } from '../../shared/aws/errors.ts';
import type { DrillResult } from '../../shared/drill/document.ts';
import { type ErrorName, errorCatalog } from '../../shared/errors.ts';
import { fileInHistory } from '../../shared/history/filing.ts';
import type { Reports } from '../../shared/history/reports.ts';
import type { RestoreOrigin } from '../../shared/job/origin.ts';
import { planFolder } from '../../shared/report/place.ts';
import { modelReports } from '../shared/history/reports-model.ts';
import {
  drillOnce,
  findLeft,
  interceptVerbs,
  makeModelWorld,
  settle,
  sweepUntilGone,
  targetOf,
} from './model-world.ts';

/** What AWS may answer to anything: throttles, a refusal, a fault of its own, a broken network, and what nobody knows. */
const anyCall = [
  'Throttling',
  'ThrottlingException',
  'AccessDenied',
  'InternalFailure',
  'ECONNRESET',
  'TimeoutError',
  'SomethingNew',
];

const noBucket = ['NoSuchBucket', 'SlowDown'];

/** Every call of a drill, by the verb of the port: its name at AWS, and the errors that are its own. */
export const awsCalls: Record<string, { operation: string; errors: string[] }> = {
  findCluster: { operation: 'DescribeDBClusters', errors: ['DBClusterNotFoundFault'] },
  listSnapshots: { operation: 'DescribeDBClusterSnapshots', errors: [] },
  findSnapshot: { operation: 'DescribeDBClusterSnapshots', errors: ['DBClusterSnapshotNotFoundFault'] },
  listInstances: { operation: 'DescribeDBInstances', errors: [] },
  listClusterParameters: {
    operation: 'DescribeDBClusterParameters',
    errors: ['DBParameterGroupNotFound'],
  },
  listInstanceParameters: {
    operation: 'DescribeDBParameters',
    errors: ['DBParameterGroupNotFound'],
  },
  restoreCluster: {
    operation: 'RestoreDBClusterToPointInTime',
    errors: [
      'DBClusterAlreadyExistsFault',
      'DBClusterNotFoundFault',
      'DBClusterParameterGroupNotFoundFault',
      'DBClusterQuotaExceededFault',
      'DBSubnetGroupNotFoundFault',
      'InsufficientDBClusterCapacityFault',
      'InsufficientStorageClusterCapacityFault',
      'InvalidDBClusterStateFault',
      'InvalidParameterCombination',
      'InvalidParameterValue',
      'InvalidRestoreFault',
      'InvalidSubnet',
      'InvalidVPCNetworkStateFault',
      'KMSKeyNotAccessibleFault',
      'StorageQuotaExceededFault',
    ],
  },
  takeSnapshot: {
    operation: 'CreateDBClusterSnapshot',
    errors: [
      'DBClusterNotFoundFault',
      'DBClusterSnapshotAlreadyExistsFault',
      'InvalidDBClusterStateFault',
      'SnapshotQuotaExceeded',
    ],
  },
  restoreSnapshot: {
    operation: 'RestoreDBClusterFromSnapshot',
    errors: [
      'DBClusterAlreadyExistsFault',
      'DBClusterParameterGroupNotFoundFault',
      'DBClusterQuotaExceededFault',
      'DBClusterSnapshotNotFoundFault',
      'DBSubnetGroupNotFoundFault',
      'InsufficientDBClusterCapacityFault',
      'InsufficientStorageClusterCapacityFault',
      'InvalidDBClusterSnapshotStateFault',
      'InvalidParameterCombination',
      'InvalidParameterValue',
      'InvalidRestoreFault',
      'InvalidSubnet',
      'InvalidVPCNetworkStateFault',
      'KMSKeyNotAccessibleFault',
      'StorageQuotaExceededFault',
    ],
  },
  addWriter: {
    operation: 'CreateDBInstance',
    errors: [
      'DBClusterNotFoundFault',
      'DBInstanceAlreadyExistsFault',
      'DBParameterGroupNotFoundFault',
      'DBSubnetGroupDoesNotCoverEnoughAZs',
      'InstanceQuotaExceededFault',
      'InsufficientDBInstanceCapacityFault',
      'InvalidDBClusterStateFault',
      'InvalidParameterCombination',
      'InvalidParameterValue',
      'KMSKeyNotAccessibleFault',
    ],
  },
  startCluster: {
    operation: 'StartDBCluster',
    errors: ['DBClusterNotFoundFault', 'InvalidDBClusterStateFault'],
  },
  liftProtection: {
    operation: 'ModifyDBCluster',
    errors: ['DBClusterNotFoundFault', 'InvalidDBClusterStateFault', 'InvalidParameterCombination'],
  },
  deleteInstance: { operation: 'DeleteDBInstance', errors: ['DBInstanceNotFound', 'InvalidDBInstanceState'] },
  deleteCluster: {
    operation: 'DeleteDBCluster',
    errors: ['DBClusterNotFoundFault', 'InvalidDBClusterStateFault', 'InvalidParameterCombination'],
  },
  deleteSnapshot: {
    operation: 'DeleteDBClusterSnapshot',
    errors: ['DBClusterSnapshotNotFoundFault', 'InvalidDBClusterSnapshotStateFault'],
  },
  publish: {
    operation: 'Publish',
    errors: ['AuthorizationErrorException', 'KMSAccessDenied', 'NotFoundException'],
  },
  write: { operation: 'PutObject', errors: noBucket },
  findVersion: { operation: 'HeadObject', errors: noBucket },
  read: { operation: 'GetObject', errors: noBucket },
  replace: { operation: 'PutObject of the index', errors: noBucket },
  readMetrics: { operation: 'GetMetricData', errors: ['InvalidNextToken', 'InvalidParameterValue'] },
  putMetrics: { operation: 'PutMetricData', errors: ['InvalidParameterValue'] },
};

/** The same of what a rewind asks, and no drill. */
export const backtrackCalls: typeof awsCalls = {
  listBacktracks: {
    operation: 'DescribeDBClusterBacktracks',
    errors: ['DBClusterNotFoundFault', 'DBClusterBacktrackNotFoundFault'],
  },
  listClusterEvents: { operation: 'DescribeEvents', errors: [] },
  listBlueGreens: { operation: 'DescribeBlueGreenDeployments', errors: ['BlueGreenDeploymentNotFoundFault'] },
  backtrackCluster: {
    operation: 'BacktrackDBCluster',
    errors: ['DBClusterNotFoundFault', 'InvalidDBClusterStateFault', 'InvalidParameterValue'],
  },
};

/** Errors that Lambda and Step Functions make of a function that does not answer, or is not reached. */
export const platformErrors = [
  'States.Timeout',
  'Sandbox.Timedout',
  'Lambda.Unknown',
  'Lambda.TooManyRequestsException',
];

export const errorsOf = (verb: string): string[] => [
  ...anyCall,
  ...((awsCalls[verb] ?? backtrackCalls[verb])?.errors ?? []),
];

/** `lost`: AWS does what it was asked for, once, and its answer is lost on the way. */
export type Mode = 'once' | 'always' | 'lost';

/** One error at one call of one state; `verb` is null for the function as a whole. */
export type Injection = { state: string; verb: string | null; error: string; mode: Mode };

/** What the copy is restored from, or what somebody has done to it by the time it is torn down. */
export const situations = [
  'as made',
  'newest snapshot',
  'fresh snapshot',
  'protected',
  'stopped',
  'blocked',
] as const;
export type Situation = (typeof situations)[number];

/** The origin of a drill in this situation. */
const originOf = (situation: Situation): RestoreOrigin => {
  if (situation === 'newest snapshot') return 'newest-snapshot';
  return situation === 'fresh snapshot' ? 'fresh-snapshot' : 'log';
};

const awsError = (name: string): Error =>
  Object.assign(new Error('said so'), {
    ...(name === 'ECONNRESET' ? { name: 'Error', code: name } : { name }),
    // S3 says so by its status (S3 API, "Error responses").
    ...(name === 'SlowDown' && { $metadata: { httpStatusCode: 503 } }),
  });

/** What an error is to callers for whom all but the transient ones mean one thing. */
const meanings: Record<string, ErrorName> = {
  publish: 'NotificationFailed',
  write: 'ReportNotFiled',
  findVersion: 'ReportNotFiled',
  read: 'ReportNotFiled',
  replace: 'ReportNotFiled',
  readMetrics: 'MetricsFailed',
  putMetrics: 'MetricsFailed',
};

/** In the words of the port, as its adapter translates it. */
export const translate = (verb: string, error: string): Error => {
  const meaning = meanings[verb];
  return meaning === undefined
    ? fromAwsError(verb, awsError(error))
    : fromAwsErrorAs(meaning, verb, awsError(error));
};

/** How the cluster looks, which calls it refuses, and what puts an end to both. */
type Intervention = { seen: Partial<Cluster>; refused: Record<string, string>; cure: string | null };

const interventions: Record<Situation, Intervention> = {
  'as made': { seen: {}, refused: {}, cure: null },
  'newest snapshot': { seen: {}, refused: {}, cure: null },
  'fresh snapshot': { seen: {}, refused: {}, cure: null },
  protected: {
    seen: { isProtected: true },
    refused: { deleteCluster: 'InvalidParameterCombination' },
    cure: 'liftProtection',
  },
  stopped: {
    seen: { status: 'stopped' },
    refused: {
      deleteInstance: 'InvalidDBInstanceState',
      deleteCluster: 'InvalidDBClusterStateFault',
    },
    cure: 'startCluster',
  },
  blocked: { seen: {}, refused: { deleteCluster: 'InvalidDBClusterStateFault' }, cure: null },
};

/** Makes the restored cluster what the situation says, until the teardown has cured it. */
const intervene = (situation: Situation, target: string) => {
  const { seen, refused, cure } = interventions[situation];
  let isCured = false;
  return async (verb: string, ask: () => Promise<unknown>): Promise<unknown> => {
    if (isCured) return ask();
    if (verb === cure) {
      isCured = true;
      return undefined;
    }
    const refusal = refused[verb];
    if (refusal !== undefined) throw translate(verb, refusal);
    const answer = await ask();
    const look = (cluster: Cluster) => (cluster.identifier === target ? { ...cluster, ...seen } : cluster);
    if (verb === 'findCluster') return answer && look(answer as Cluster);
    if (verb !== 'listClusters') return answer;
    const list = answer as ClusterList;
    return { ...list, clusters: list.clusters.map(look) };
  };
};

type Ask = (verb: string, act: () => Promise<unknown>) => Promise<unknown>;

/** A bucket of its own, every verb through this. */
const interceptReports = (ask: Ask): Reports =>
  Object.fromEntries(
    Object.entries(modelReports())
      .filter(([, verb]) => typeof verb === 'function')
      .map(([verb, act]) => [
        verb,
        (...parameters: never[]) =>
          ask(verb, () => (act as (...all: never[]) => Promise<unknown>)(...parameters)),
      ]),
  ) as unknown as Reports;

export type Ended = {
  /** Null where the execution ended without one. */
  result: DrillResult | null;
  /** What stood of the drill at its end, and after the sweeps that followed. */
  left: string[];
  leftAfterSweeps: string[];
  /** What was changed and was not the drill's own. */
  strange: string[];
  /** Every call in order, as "state verb". */
  calls: string[];
};

/** Runs a drill with an error injected, then the sweeper. */
export const drillWith = async (injection: Injection | null, situation: Situation): Promise<Ended> => {
  const name = `local-${Object.values(injection ?? {}).join('-')}`;
  const model = makeModelWorld(originOf(situation));
  const calls: string[] = [];
  let state = '';
  let isInjected = false;
  const isDue = (verb: string | null): boolean =>
    injection?.state === state && injection.verb === verb && !(isInjected && injection.mode !== 'always');

  const inject = async (verb: string | null, ask: () => Promise<unknown>): Promise<unknown> => {
    if (injection === null || !isDue(verb)) return ask();
    isInjected = true;
    if (injection.mode === 'lost') await ask();
    if (verb === null) throw Object.assign(new Error('no answer'), { name: injection.error });
    throw translate(verb, injection.error);
  };
  const intervened = intervene(situation, targetOf(name).cluster);
  const isTeardown = () => state === 'TearDown' || state === 'CheckTeardown';
  const ask = (verb: string, act: () => Promise<unknown>): Promise<unknown> => {
    calls.push(`${state} ${verb}`);
    return inject(verb, () => (isTeardown() ? intervened(verb, act) : act()));
  };
  const { notify } = model.world;
  const world: ExecutionOptions['world'] = {
    ...model.world,
    aurora: interceptVerbs(model.aurora, (verb, _name, act) =>
      // What RDS answers when a describe call finds nothing is no error to the port's callers.
      ask(verb, act).catch((error) => {
        if (verb === 'findCluster' && error.name === 'ClusterNotFound') return undefined;
        if (verb === 'findSnapshot' && error.name === 'SnapshotNotFound') return undefined;
        throw error;
      }),
    ),
    notify: async (message) => void (await ask('publish', () => notify(message))),
    file: fileInHistory(interceptReports(ask), planFolder, { pause: async () => {} }),
    metrics: {
      publish: async () => void (await ask('putMetrics', async () => {})),
      read: async () => {
        await ask('readMetrics', async () => {});
        return [];
      },
    },
  };
  const ended = await drillOnce({ world }, name, {
    aroundTask: (task, run) => {
      state = task;
      return inject(null, run);
    },
  }).catch(() => null);
  await settle(model);
  const left = await findLeft(model, name);
  // By then somebody has unblocked it; who protects or stops a cluster does not undo that by himself.
  const isUndone = situation === 'blocked';
  const aurora = interceptVerbs(model.aurora, (verb, _name, act) =>
    isUndone ? act() : intervened(verb, act),
  );
  await sweepUntilGone({ ...model, aurora });
  await settle(model);
  const own = Object.values(targetOf(name));
  return {
    result: ended?.result ?? null,
    left,
    leftAfterSweeps: await findLeft(model, name),
    strange: model.changes.filter((one) => !own.includes(one.split(' ')[1] ?? '')),
    calls,
  };
};

/** Every call that some state makes in this situation, without repetition. */
export const listCalls = async (situation: Situation): Promise<[state: string, verb: string][]> => {
  const { calls } = await drillWith(null, situation);
  return [...new Set(calls)].map((call) => call.split(' ') as [string, string]);
};

export const taskStates = Object.entries((await readDrillDefinition()).States)
  .filter(([, { Type }]) => Type === 'Task')
  .map(([name]) => name);

/** "passes", or the error and the phase. */
export const describeEnd = ({ result }: Ended): string => {
  if (result === null) return 'no result';
  return result.failure === null ? 'passes' : `${result.failure.error} in ${result.failure.phase}`;
};

export const isKnownError = (name: string): boolean =>
  Object.hasOwn(errorCatalog, name) || platformErrors.includes(name);
