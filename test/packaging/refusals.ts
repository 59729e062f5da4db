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
  pager,
  queue,
  report,
  restore,
  restoreSnapshot,
  takeSnapshot,
  topic,
  withTags,
} from './asks.ts';
import {
  asRequestTags,
  executionOf,
  ourTags,
  ownSnapshot,
  sandboxUsers,
  sources,
  tagsBy,
  target,
  users,
  writer,
} from './drill-fixture.ts';
import { decide, type Request } from './iam.ts';
import { account, arnOf, readRoles, region } from './roles.ts';
import type { GetStack } from './stack.ts';

const [source = '', user = ''] = [sources[0], users[0]];

/** Each is a step beyond what the role may do. */
const refused: [role: string, what: string, Request][] = [
  ['RestoreCluster', 'restore from a cluster that is the source of no plan', restore('prod-other', target)],
  ['RestoreCluster', 'restore into a name that does not begin with drill-', restore(source, 'prod-copy')],
  ['RestoreCluster', 'restore without our tag', restore(source, target, {})],
  [
    'RestoreCluster',
    'restore with an empty tag',
    restore(source, target, asRequestTags({ ...ourTags, 'aurora-drills:drill': '' })),
  ],
  ['RestoreCluster', 'restore a snapshot under a name of yours', restoreSnapshot('before', 'prod-copy')],
  ['RestoreCluster', 'restore a snapshot without our tag', restoreSnapshot('before', target, {})],
  ['TakeSnapshot', 'take a snapshot of a cluster of no plan', takeSnapshot('prod-other', ownSnapshot)],
  ['TakeSnapshot', 'take a snapshot under a name of yours', takeSnapshot(source, 'before-migration')],
  ['TakeSnapshot', 'take a snapshot without our tag', takeSnapshot(source, ownSnapshot, {})],
  [
    'TakeSnapshot',
    'tag a snapshot of yours',
    ask('rds:AddTagsToResource', db('cluster-snapshot:before-migration'), withTags),
  ],
  ['TakeSnapshot', 'delete what it took', onOwn('rds:DeleteDBClusterSnapshot', 'cluster-snapshot')],
  [
    'TearDown',
    'delete a snapshot of yours that has our tags',
    {
      action: 'rds:DeleteDBClusterSnapshot',
      on: [{ arn: db('cluster-snapshot:before-migration'), tags: ourTags }],
    },
  ],
  [
    'SweepLeftovers',
    'delete the snapshot of a drill of another stage',
    {
      action: 'rds:DeleteDBClusterSnapshot',
      on: [{ arn: db(`cluster-snapshot:${ownSnapshot}`), tags: tagsBy('aurora-drills-test') }],
    },
  ],
  [
    'RestoreCluster',
    'tag without our tag',
    ask('rds:AddTagsToResource', db(`cluster:${target}`), asRequestTags({ team: 'a' })),
  ],
  ['RestoreCluster', 'tag an instance', ask('rds:AddTagsToResource', db(`db:${writer}`), withTags)],
  ['RestoreCluster', 'tag a source', ask('rds:AddTagsToResource', db(`cluster:${source}`), withTags)],
  [
    'RestoreCluster',
    'grant on a key by itself, not through RDS',
    ask('kms:CreateGrant', arnOf('kms', 'key/of-production')),
  ],
  [
    'RestoreCluster',
    'grant on a key through EC2',
    ask('kms:CreateGrant', arnOf('kms', 'key/of-production'), {
      'kms:ViaService': `ec2.${region}.amazonaws.com`,
    }),
  ],
  ['AddWriter', 'create an instance in a source', create(source, writer)],
  ['AddWriter', 'create an instance that does not begin with drill-', create(target, 'reader-2')],
  ['AddWriter', 'create an instance without our tag', create(target, writer, {})],
  ['AddWriter', 'tag a cluster', ask('rds:AddTagsToResource', db(`cluster:${target}`), withTags)],
  [
    'AddWriter',
    'grant on a key by itself, not through RDS',
    ask('kms:CreateGrant', arnOf('kms', 'key/of-production')),
  ],
  ...['CaptureBaseline', 'CompleteBaseline', 'VerifyRestore'].flatMap((name) =>
    inVpc.map((request): [string, string, Request] => [
      name,
      `call ${request.action} from its code`,
      { ...request, context: { 'lambda:SourceFunctionArn': functionArn(name) } },
    ]),
  ),
  ['CaptureBaseline', 'sign in as the master user', connect('postgres')],
  ['CompleteBaseline', 'sign in as the master user', connect('postgres')],
  ['VerifyRestore', 'sign in as a user whose name goes on', connect(`${user}_admin`)],
  ...[
    's3:DeleteObject',
    's3:DeleteObjectVersion',
    's3:PutObjectRetention',
    's3:BypassGovernanceRetention',
  ].map((action): [string, string, Request] => [
    'ConcludeDrill',
    `take a report away by ${action}`,
    ask(action, report('index.json')),
  ]),
  [
    'ConcludeDrill',
    'write into another bucket',
    ask('s3:PutObject', 'arn:aws:s3:::reportbucket-2/index.json'),
  ],
  ['ConcludeDrill', 'change the bucket', ask('s3:PutBucketVersioning', bucket)],
  [
    'ConcludeDrill',
    'publish in another namespace',
    ask('cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'AWS/RDS' }),
  ],
  ['NotifyResult', 'take a report away', ask('s3:DeleteObject', report('index.json'))],
  ['SweepLeftovers', 'write the index', ask('s3:PutObject', report('index.json'))],
  ['DrillAge', 'write the index', ask('s3:PutObject', report('index.json'))],
  ['DrillAge', 'read a report', ask('s3:GetObject', report('shop/2026-11-16/1f2e3d4c/report.html'))],
  ['NotifyResult', 'publish to the pager', ask('sns:Publish', pager)],
  ['ConcludeDrill', 'publish to the pager', ask('sns:Publish', pager)],
  ['BacktrackWindow', 'publish to the topic of results', ask('sns:Publish', notifications)],
  ['BacktrackReady', 'rewind a cluster', ask('rds:BacktrackDBCluster', db('cluster:prod-mysql'))],
  ['BacktrackReady', 'write a report', ask('s3:PutObject', report('shop/2026-11-16/1f2e3d4c/report.html'))],
  ['BacktrackReady', 'publish to the topic of results', ask('sns:Publish', notifications)],
  ['Posture', 'change what it judges', ask('rds:ModifyDBCluster', db(`cluster:${source}`))],
  ['Posture', 'close a snapshot', ask('rds:ModifyDBClusterSnapshotAttribute', db('cluster-snapshot:open'))],
  ['Posture', 'write the history', ask('s3:PutObject', report('index.json'))],
  ['Posture', 'read a report', ask('s3:GetObject', report('shop/2026-11-16/1f2e3d4c/result.json'))],
  ['Posture', 'publish to the pager', ask('sns:Publish', pager)],
  ['SweepLeftovers', 'publish to the topic of results', ask('sns:Publish', notifications)],
  [
    'SweepLeftovers',
    'publish what RDS has to say',
    ask('sns:Publish', topic('aurora-drills-prod-rds-events')),
  ],
  ['NotifyResult', 'use another key', ask('kms:Decrypt', arnOf('kms', 'key/of-production'))],
  [
    'SnapshotAge',
    'publish in another namespace',
    ask('cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'AWS/RDS' }),
  ],
  ['BacktrackWindow', 'publish in no namespace', ask('cloudwatch:PutMetricData', '*')],
  [
    'SweepLeftovers',
    'publish in a namespace that goes on',
    ask('cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Custom/RDS2' }),
  ],
  [
    'SweepLeftovers',
    'ask about an execution of another state machine',
    ask('states:DescribeExecution', executionOf('aurora-drills-test')),
  ],
  [
    'SweepLeftovers',
    'ask about an execution of a state machine whose name goes on',
    ask('states:DescribeExecution', executionOf('aurora-drills-prod-2')),
  ],
  ['SweepLeftovers', 'stop an execution', ask('states:StopExecution', executionOf('aurora-drills-prod'))],
  ['SnapshotAge', 'read what others could not deliver', ask('sqs:ReceiveMessage', queue)],
  [
    'TearDown',
    'delete a cluster by a snapshot that is its own, and a source',
    ask('rds:DeleteDBCluster', [db(`cluster:${source}`), finalSnapshot]),
  ],
  [
    'TearDown',
    'delete an instance of another stack',
    {
      action: 'rds:DeleteDBInstance',
      on: [{ arn: db(`db:${writer}`), tags: tagsBy('aurora-drills-test') }],
    },
  ],
  ['SweepLeftovers', 'lift the protection of a cluster', onOwn('rds:ModifyDBCluster', 'cluster')],
  [
    'TearDown',
    'change a parameter group',
    ask('rds:ModifyDBClusterParameterGroup', db('cluster-pg:default.aurora-postgresql16')),
  ],
  [
    'TearDown',
    'write the log of others',
    ask('logs:PutLogEvents', arnOf('logs', 'log-group:/aws/lambda/billing:log-stream:1')),
  ],
  ['DrillStateMachine', 'call a monitor', ask('lambda:InvokeFunction', functionArn('SweepLeftovers'))],
  [
    'DrillStateMachine',
    'call a function of others',
    ask('lambda:InvokeFunction', arnOf('lambda', 'function:billing')),
  ],
  ['Schedule', 'call a step of the drill', ask('lambda:InvokeFunction', functionArn('TearDown'))],
  [
    'Schedule',
    'start another state machine',
    ask('states:StartExecution', arnOf('states', 'stateMachine:billing')),
  ],
  ['Schedule', 'stop an execution', ask('states:StopExecution', executionOf('aurora-drills-prod'))],
  ['SetPassword', 'set a password on the clone of a drill', onOwn('rds:ModifyDBCluster', 'cluster')],
  [
    'SetPassword',
    'set a password on production, even with our tags',
    {
      action: 'rds:ModifyDBCluster',
      on: [{ arn: db(`cluster:${source}`), tags: tagsBy('aurora-drills-prod-rehearse') }],
    },
  ],
  [
    'SetPassword',
    'set a password on the clone of another stage',
    {
      action: 'rds:ModifyDBCluster',
      on: [{ arn: db(`cluster:${target}`), tags: tagsBy('aurora-drills-test-rehearse') }],
    },
  ],
  ['RehearseChange', 'sign in with IAM', connect(user)],
  ['PrepareRehearsal', 'read a report', ask('s3:GetObjectVersion', report('shop/result.json'))],
  ['PrepareRehearsal', 'read the newest script', ask('s3:GetObject', report('changes/users.sql'))],
  ...['AskSides', 'CopyTables', 'VerifyExtract'].map((name): [string, string, Request] => [
    name,
    "sign in as a sandbox's user elsewhere",
    connect('sandbox_writer'),
  ]),
  ['DescribeTables', 'sign in to a sandbox', ask('rds-db:connect', arnOf('rds-db', sandboxUsers[0] ?? ''))],
  ['CopyTables', 'delete the copy', onOwn('rds:DeleteDBCluster', 'cluster')],
  ['PrepareExtract', 'read the history', ask('s3:GetObject', report('index.json'))],
  ['NotifyRehearsal', 'publish to the pager', ask('sns:Publish', pager)],
  ['TearDown', 'assume a role', ask('sts:AssumeRole', `arn:aws:iam::${account}:role/RestoreClusterRole`)],
];

export const testRefusals = (getStack: GetStack) =>
  describe('what each role may not do', () => {
    test.each(refused)('%s: may not %s', (name, _, request) => {
      const role = readRoles(getStack()).find(({ id }) => id === `${name}Role`);
      expect(decide(role?.statements ?? [], request)).not.toBe('allowed');
      expect(role).toBeDefined();
    });
  });
