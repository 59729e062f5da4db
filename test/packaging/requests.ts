import { describe, expect, test } from 'vitest';
import {
  ask,
  bucket,
  connect,
  create,
  db,
  finalSnapshot,
  functionArn,
  inVpc,
  notifications,
  onOwn,
  ourNamespace,
  pager,
  publishTo,
  queue,
  report,
  restore,
  restoreSnapshot,
  setPasswordWith,
  takeSnapshot,
  viaRds,
  withRecoveredTags,
  withTags,
} from './asks.ts';
import {
  executionOf,
  ownSnapshot,
  recoveredCluster,
  recoveredWriter,
  sandboxUsers,
  sources,
  target,
  users,
  writer,
} from './drill-fixture.ts';
import { decide, type Request } from './iam.ts';
import { account, arnOf, readRoles } from './roles.ts';
import {
  extractStates,
  functions,
  type GetStack,
  markStates,
  monitors,
  recoveryStates,
  rehearsalStates,
  rewindStates,
  taskStates,
} from './stack.ts';

const [source = '', user = ''] = [sources[0], users[0]];

const describeClusters = [
  ask('rds:DescribeDBClusters', db(`cluster:${source}`)),
  ask('rds:DescribeDBClusters', db('cluster:*')),
];
const describeInstances = [ask('rds:DescribeDBInstances', db('db:*'))];
const describeSnapshots = ask('rds:DescribeDBClusterSnapshots', [db('cluster:*'), db('cluster-snapshot:*')]);
const grants = ['kms:CreateGrant', 'kms:DescribeKey'].map((action) =>
  ask(action, arnOf('kms', 'key/of-production'), viaRds),
);
// Without s3:ListBucket, S3 answers access denied for a missing object.
const readHistory = [ask('s3:GetObject', report('index.json')), ask('s3:ListBucket', bucket)];
const fileReports = [
  ...['index.json', 'index.html', 'prod-aurora-main/2026-11-16/1f2e3d4c/report.html'].flatMap((path) =>
    ['s3:GetObject', 's3:PutObject'].map((action) => ask(action, report(path))),
  ),
  ask('s3:ListBucket', bucket),
];
const putMetrics = ask('cloudwatch:PutMetricData', '*', ourNamespace);
const keepFailed = ask('sqs:SendMessage', queue);
const remove = [
  ...describeClusters,
  ...describeInstances,
  onOwn('rds:DeleteDBCluster', 'cluster', finalSnapshot),
  onOwn('rds:DeleteDBCluster', 'cluster'),
  onOwn('rds:StartDBCluster', 'cluster'),
  describeSnapshots,
  onOwn('rds:DeleteDBClusterSnapshot', 'cluster-snapshot'),
  onOwn('rds:DeleteDBInstance', 'db'),
  // Somebody added it to the drill's cluster.
  ask('rds:DeleteDBInstance', db('db:drill-reader-by-hand')),
];
/** With and without the cluster's groups: two editions of the Service Authorization Reference disagree. */
const groups = ['cluster-pg:default.aurora-postgresql16', 'og:default'].map(db);
const liftProtection = [
  onOwn('rds:ModifyDBCluster', 'cluster'),
  onOwn('rds:ModifyDBCluster', 'cluster', ...groups),
];

const addToRecovered = [
  create(recoveredCluster, recoveredWriter, withRecoveredTags),
  ask('rds:AddTagsToResource', db(`db:${recoveredWriter}`), withRecoveredTags),
];

const intoSandboxes = sandboxUsers.map((one) => ask('rds-db:connect', arnOf('rds-db', one)));

const safety = db('cluster-snapshot:safety-prod-20261119021300');
const withSafetyTags = { 'aws:RequestTag/aurora-safety:source': source };
const takeSafety = ask('rds:CreateDBClusterSnapshot', [db(`cluster:${source}`), safety], withSafetyTags);
const tagSafety = ask('rds:AddTagsToResource', safety, withSafetyTags);
const listBacktracks = ask('rds:DescribeDBClusterBacktracks', db('cluster:prod-mysql'));
const readRewindFacts = [
  ...describeClusters,
  listBacktracks,
  ask('rds:DescribeEvents', '*'),
  ask('rds:DescribeBlueGreenDeployments', '*'),
  ask('rds:DescribeDBClusterParameters', db('cluster-pg:of-production')),
];

/** The requests to AWS by or for each function, with what AWS then knows. */
const needs: Record<string, Request[]> = {
  PrepareDrill: [
    ...describeClusters,
    ...describeInstances,
    describeSnapshots,
    ask('rds:DescribeDBClusterParameters', db('cluster-pg:drill-cluster')),
    ask('rds:DescribeDBParameters', db('pg:drill-instance')),
  ],
  CaptureBaseline: [...inVpc, connect(user)],
  CheckRestorePoint: describeClusters,
  TakeSnapshot: [
    describeSnapshots,
    ...sources.map((one) => takeSnapshot(one, ownSnapshot)),
    ask('rds:AddTagsToResource', db(`cluster-snapshot:${ownSnapshot}`), withTags),
  ],
  CheckSnapshot: [describeSnapshots],
  CompleteBaseline: [...inVpc, connect(user)],
  RestoreCluster: [
    ...describeClusters,
    ...['rds:prod-2026-11-16-02-10', 'awsbackup:job-1', 'before-migration', ownSnapshot].map((one) =>
      restoreSnapshot(one, target),
    ),
    ...sources.map((one) => restore(one, target)),
    ask('rds:AddTagsToResource', db(`cluster:${target}`), withTags),
    restore(source, recoveredCluster, withRecoveredTags),
    restoreSnapshot('rds:prod-2026-11-16-02-10', recoveredCluster, withRecoveredTags),
    ask('rds:AddTagsToResource', db(`cluster:${recoveredCluster}`), withRecoveredTags),
    // Of a source that was deleted.
    ask('rds:RestoreDBClusterToPointInTime', db('cluster-auto-backup:ab-1')),
    ...grants,
  ],
  CheckCluster: describeClusters,
  AddWriter: [
    ...describeInstances,
    create(target, writer),
    ask('rds:AddTagsToResource', db(`db:${writer}`), withTags),
    ...addToRecovered,
    ...grants,
  ],
  CheckWriter: describeInstances,
  VerifyRestore: [...inVpc, connect(user)],
  NotifyResult: [...publishTo(notifications), ...fileReports],
  TearDown: [...remove, ...liftProtection],
  CheckTeardown: [...remove, ...liftProtection],
  ConcludeDrill: [
    ...publishTo(notifications),
    ...fileReports,
    ask('cloudwatch:GetMetricData', '*'),
    putMetrics,
  ],
  PrepareRecovery: [
    ...describeClusters,
    ...describeInstances,
    describeSnapshots,
    ask('rds:DescribeDBClusterAutomatedBackups', '*'),
    ask('rds:DescribeAccountAttributes', '*'),
    ask('rds:DescribeDBClusterParameters', db('cluster-pg:of-production')),
    ask('rds:DescribeDBParameters', db('pg:of-production')),
    ...readHistory,
  ],
  CheckSideEffects: [...inVpc, connect(user)],
  VerifyRecovery: [...inVpc, connect(user)],
  HandOver: [...publishTo(notifications), ...fileReports],
  AddReaders: [...describeInstances, ...addToRecovered, ...grants],
  CheckReaders: describeInstances,
  ConcludeRecovery: [
    ...describeClusters,
    ...describeInstances,
    ...publishTo(notifications),
    ...fileReports,
    putMetrics,
  ],
  PrepareRehearsal: [
    ...describeClusters,
    ...describeInstances,
    ask('rds:DescribeDBClusterParameters', db('cluster-pg:of-production')),
    ask('rds:DescribeDBParameters', db('pg:of-production')),
    ask('s3:GetObjectVersion', report('changes/users.sql')),
  ],
  AskProduction: [...inVpc, connect(user)],
  SetPassword: [...describeClusters, setPasswordWith(), setPasswordWith(...groups)],
  CheckPassword: describeClusters,
  RehearseChange: inVpc,
  NotifyRehearsal: [...publishTo(notifications), ...fileReports],
  ConcludeRehearsal: [...publishTo(notifications), ...fileReports],
  PrepareExtract: [
    ...describeClusters,
    ...describeInstances,
    ask('rds:DescribeDBClusterParameters', db('cluster-pg:of-production')),
    ask('rds:DescribeDBParameters', db('pg:of-production')),
  ],
  AskSides: [...inVpc, connect(user), ...intoSandboxes],
  DescribeTables: [...inVpc, connect(user)],
  CopyTables: [...inVpc, connect(user), ...intoSandboxes],
  VerifyExtract: [...inVpc, connect(user), ...intoSandboxes],
  NotifyExtract: [...publishTo(notifications), ...fileReports],
  ConcludeExtract: [...publishTo(notifications), ...fileReports],
  PrepareRewind: [
    ...describeClusters,
    ...describeInstances,
    ask('rds:DescribeDBClusterParameters', db('cluster-pg:of-production')),
    ask('rds:DescribeDBParameters', db('pg:of-production')),
  ],
  AskServer: [...inVpc, connect(user)],
  CheckReadiness: readRewindFacts,
  AskServerAgain: [...inVpc, connect(user)],
  RewindCluster: readRewindFacts,
  CheckRewind: [...describeClusters, listBacktracks],
  VerifyRewind: [...inVpc, connect(user)],
  ConcludeRewind: [...publishTo(notifications), ...fileReports],
  PrepareMark: describeClusters,
  ReadClock: [...inVpc, connect(user)],
  TakeSafetySnapshot: [...readRewindFacts, describeSnapshots, takeSafety, tagSafety],
  CheckSafetySnapshot: [describeSnapshots],
  DrillAge: [...readHistory, putMetrics, keepFailed],
  SnapshotAge: [...describeClusters, describeSnapshots, putMetrics, keepFailed],
  BacktrackWindow: [
    ...describeClusters,
    ...describeInstances,
    ask('cloudwatch:GetMetricData', '*'),
    putMetrics,
    ...publishTo(pager),
    keepFailed,
  ],
  BacktrackReady: [
    ...readRewindFacts,
    ask('cloudwatch:GetMetricData', '*'),
    ...['index.json', 'index.html'].flatMap((key) => [
      ask('s3:GetObject', report(key)),
      ask('s3:PutObject', report(key)),
    ]),
    ask('s3:ListBucket', bucket),
    putMetrics,
    ...publishTo(pager),
    keepFailed,
  ],
  Posture: [
    ...describeClusters,
    ...describeInstances,
    describeSnapshots,
    ask('rds:DescribeDBClusterParameters', db('cluster-pg:of-production')),
    ...readHistory,
    ...['posture.json', 'posture.html'].flatMap((key) => [
      ask('s3:GetObject', report(key)),
      ask('s3:PutObject', report(key)),
    ]),
    putMetrics,
    ...publishTo(notifications),
    keepFailed,
  ],
  SweepLeftovers: [
    ...remove,
    ask('states:DescribeExecution', executionOf('aurora-drills-prod')),
    ask('states:DescribeExecution', executionOf('aurora-drills-prod-rehearse')),
    ask('states:DescribeExecution', executionOf('aurora-drills-prod-extract')),
    ask('rds:DescribeDBClusterBacktracks', '*'),
    ...readHistory,
    putMetrics,
    ...publishTo(pager),
    keepFailed,
  ],
};

/** Every function needs these for its logs and traces. */
const common = (name: string): Request[] => [
  ask('logs:CreateLogStream', arnOf('logs', `log-group:/aws/lambda/aurora-drills-prod-${name}:*`)),
  ask(
    'logs:PutLogEvents',
    arnOf('logs', `log-group:/aws/lambda/aurora-drills-prod-${name}:log-stream:2026/11/20/1`),
  ),
  ask('xray:PutTraceSegments', '*'),
  ask('xray:PutTelemetryRecords', '*'),
];

const logDelivery = ['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery'];
const logsOfMachine = [
  ...logDelivery,
  'ListLogDeliveries',
  'PutResourcePolicy',
  'DescribeResourcePolicies',
  'DescribeLogGroups',
];
const tracesOfMachine = ['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'];

const needed: [role: string, Request[]][] = [
  ...functions.map(
    (name) => [`${name}Role`, [...common(name), ...(needs[name] ?? [])]] as [string, Request[]],
  ),
  ...(
    [
      ['DrillStateMachineRole', taskStates],
      ['RecoverStateMachineRole', recoveryStates],
      ['RehearseStateMachineRole', rehearsalStates],
      ['ExtractStateMachineRole', extractStates],
      ['RewindStateMachineRole', rewindStates],
      ['MarkStateMachineRole', markStates],
    ] as const
  ).map(([role, states]): [string, Request[]] => [
    role,
    [
      ...states.map((name) => ask('lambda:InvokeFunction', functionArn(name))),
      ...logsOfMachine.map((action) => ask(`logs:${action}`, '*')),
      ...tracesOfMachine.map((action) => ask(`xray:${action}`, '*')),
    ],
  ]),
  [
    'ScheduleRole',
    [
      ask('states:StartExecution', arnOf('states', 'stateMachine:aurora-drills-prod')),
      ...monitors.map((name) => ask('lambda:InvokeFunction', functionArn(name))),
      keepFailed,
    ],
  ],
];

export const testRequests = (getStack: GetStack) =>
  describe('what each role may do', () => {
    const roleOf = (id: string) => {
      const role = readRoles(getStack()).find((one) => one.id === id);
      if (role === undefined) throw new Error(`the template has no ${id}`);
      return role;
    };

    test('every role is asked for what it needs', () => {
      expect(needed.map(([role]) => role).sort()).toEqual(
        readRoles(getStack())
          .map(({ id }) => id)
          .sort(),
      );
    });

    test.each(needed)(
      '%s: is allowed all that is asked in its name, and has no action beside',
      (id, requests) => {
        const { statements } = roleOf(id);
        for (const request of requests) {
          expect([request, decide(statements, request)]).toEqual([request, 'allowed']);
        }
        const written = statements
          .filter(({ effect }) => effect === 'Allow')
          .flatMap(({ actions }) => actions.patterns);
        expect([...new Set(written)].sort()).toEqual(
          [...new Set(requests.map(({ action }) => action))].sort(),
        );
      },
    );

    test('each role is assumed by the one service that acts in it, and the schedules only for this account', () => {
      for (const { id, trust } of readRoles(getStack())) {
        const machine = id.endsWith('StateMachineRole') ? 'states' : 'lambda';
        const service = id === 'ScheduleRole' ? 'scheduler' : machine;
        const Service = `${service}.amazonaws.com`;
        expect([id, trust.map(({ principals }) => principals)]).toEqual([id, [{ Service: [Service] }]]);
        const assume = (from: string): Request => ({
          action: 'sts:AssumeRole',
          on: [{ arn: id }],
          context: { 'aws:SourceAccount': from },
          by: { Service },
        });
        expect([id, decide(trust, assume(account))]).toEqual([id, 'allowed']);
        const isBound = decide(trust, assume('999999999999')) !== 'allowed';
        expect([id, isBound]).toEqual([id, id === 'ScheduleRole']);
      }
    });
  });
