import {
  asRequestTags,
  ourTags,
  ownSnapshot,
  recoveredTags,
  tagsBy,
  target,
  writer,
} from './drill-fixture.ts';
import type { Request } from './iam.ts';
import { arnOf, region } from './roles.ts';

/** A request about resources without tags. */
export const ask = (
  action: string,
  arns: string | string[],
  context: Record<string, string> = {},
): Request => ({
  action,
  on: [arns].flat().map((arn) => ({ arn })),
  context,
});
export const db = (name: string) => arnOf('rds', name);
export const topic = (name: string) => arnOf('sns', name);
export const functionArn = (name: string) => arnOf('lambda', `function:aurora-drills-prod-${name}`);
export const key = arnOf('kms', 'key/TopicKey');
export const queue = arnOf('sqs', 'aurora-drills-prod-failed-deliveries');
/** S3's ARNs have no Region and no account. */
export const report = (path: string) => `arn:aws:s3:::reportbucket/${path}`;
export const bucket = 'arn:aws:s3:::reportbucket';
export const publishTo = (arn: string) => [
  ask('sns:Publish', arn),
  ask('kms:GenerateDataKey', key),
  ask('kms:Decrypt', key),
];
export const notifications = topic('aurora-drills-prod');
export const pager = topic('aurora-drills-prod-pager');

/** The tags that a drill gives to what it makes. */
export const withTags = asRequestTags(ourTags);
/** The tags that a recovery gives to what it makes. */
export const withRecoveredTags = asRequestTags(recoveredTags);
export const viaRds = { 'kms:ViaService': `rds.${region}.amazonaws.com` };
export const ourNamespace = { 'cloudwatch:namespace': 'Custom/RDS' };
/** DeleteDBCluster is authorized on a final snapshot too, though none is made. */
export const finalSnapshot = db(`cluster-snapshot:${target}-final`);
const own = { cluster: target, db: writer, 'cluster-snapshot': ownSnapshot };
export const onOwn = (action: string, kind: keyof typeof own, ...others: string[]): Request => ({
  action,
  on: [{ arn: db(`${kind}:${own[kind]}`), tags: ourTags }, ...others.map((arn) => ({ arn }))],
});

/** On the clone of a rehearsal. */
export const setPasswordWith = (...others: string[]): Request => ({
  action: 'rds:ModifyDBCluster',
  on: [
    { arn: db(`cluster:${target}`), tags: tagsBy('aurora-drills-prod-rehearse') },
    ...others.map((arn) => ({ arn })),
  ],
});

export const restore = (from: string, to: string, context = withTags): Request =>
  ask(
    'rds:RestoreDBClusterToPointInTime',
    ['cluster-pg:default.aurora-postgresql16', 'og:default', 'subgrp:drill-private']
      .map(db)
      .concat([from, to].map((name) => db(`cluster:${name}`))),
    context,
  );
export const restoreSnapshot = (snapshot: string, to: string, context = withTags): Request =>
  ask(
    'rds:RestoreDBClusterFromSnapshot',
    [
      'cluster-pg:default.aurora-postgresql16',
      'og:default',
      'subgrp:drill-private',
      `cluster-snapshot:${snapshot}`,
      `cluster:${to}`,
    ].map(db),
    context,
  );
export const takeSnapshot = (from: string, snapshot: string, context = withTags): Request =>
  ask('rds:CreateDBClusterSnapshot', [`cluster:${from}`, `cluster-snapshot:${snapshot}`].map(db), context);
export const create = (cluster: string, instance: string, context = withTags): Request =>
  ask(
    'rds:CreateDBInstance',
    [
      `db:${instance}`,
      `cluster:${cluster}`,
      'pg:default.aurora-postgresql16',
      'og:default',
      'subgrp:drill-private',
    ].map(db),
    context,
  );
// Nobody knows a restored cluster's resource id before.
export const connect = (name: string) =>
  ask('rds-db:connect', arnOf('rds-db', `dbuser:cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ/${name}`));

/** Lambda's own, in the name of the role. */
export const inVpc = [
  'CreateNetworkInterface',
  'DescribeNetworkInterfaces',
  'DeleteNetworkInterface',
  'DescribeSubnets',
  'AssignPrivateIpAddresses',
  'UnassignPrivateIpAddresses',
].map((action) => ask(`ec2:${action}`, '*'));
