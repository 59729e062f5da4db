import { describe, expect, test } from 'vitest';
import { functionArn, notifications, pager, queue, topic } from './asks.ts';
import { type Decision, decide, readStatements, type Statement } from './iam.ts';
import { account, arnOf, readRoles, resolverOf } from './roles.ts';
import { type GetStack, ofType } from './stack.ts';

const rdsEvents = topic('aurora-drills-prod-rds-events');
const publish = 'sns:Publish';
const send = 'sqs:SendMessage';

type Sender = { service: string; SourceAccount?: string; SourceArn?: string };
const alarm = { service: 'cloudwatch', SourceAccount: account, SourceArn: arnOf('cloudwatch', 'alarm:rds') };
const rds = { service: 'events.rds', SourceAccount: account };
const rule = { service: 'events', SourceArn: arnOf('events', 'rule/aurora-drills-prod-bad-ends') };
const subscription = { service: 'sns', SourceArn: rdsEvents };

/** The services that send, and near misses of them. */
const senders: Sender[] = [
  alarm,
  { ...alarm, SourceAccount: '999999999999' },
  { ...alarm, SourceArn: alarm.SourceArn.replace(account, '999999999999') },
  { ...alarm, SourceArn: functionArn('TearDown') },
  { service: 'cloudwatch' },
  rds,
  { ...rds, SourceAccount: '999999999999' },
  { service: 'events.rds' },
  rule,
  { ...rule, SourceArn: arnOf('events', 'rule/aurora-drills-prod-bad-ends-2') },
  { service: 'events' },
  subscription,
  { ...subscription, SourceArn: pager },
  { service: 'sns' },
  ...['budgets', 'lambda', 's3', 'scheduler', 'states'].map((service) => ({
    service,
    SourceAccount: account,
  })),
];

/** Each topic and queue, its action, and the services that send to it. */
const targets: [arn: string, action: string, services: Sender[]][] = [
  [notifications, publish, []],
  [pager, publish, [alarm]],
  [rdsEvents, publish, [rds]],
  [queue, send, [rule, subscription]],
];

/** They would control the queue or topic if a policy admitted more than sending. */
const others = [
  ...['AddPermission', 'DeleteTopic', 'RemovePermission', 'SetTopicAttributes', 'Subscribe'].map(
    (verb) => `sns:${verb}`,
  ),
  ...[
    'AddPermission',
    'DeleteMessage',
    'DeleteQueue',
    'PurgeQueue',
    'ReceiveMessage',
    'SetQueueAttributes',
  ].map((verb) => `sqs:${verb}`),
];

export const testResourcePolicies = (getStack: GetStack) =>
  describe('topics and the queue', () => {
    const resources = () => getStack().template.Resources;
    const resolve = (value: unknown) => resolverOf(resources())(value);
    const idOf = (value: unknown) => (value as { Ref: string }).Ref;

    /** The policy of each topic and queue, by its ARN. */
    const readPolicies = (): Map<string, Statement[]> =>
      new Map(
        ['AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy']
          .flatMap((type) => ofType(getStack(), type))
          .flatMap(([, { Properties }]) =>
            ((Properties.Topics ?? Properties.Queues) as unknown[]).map((one) => [
              resolve({ 'Fn::GetAtt': [idOf(one), 'Arn'] }),
              readStatements(Properties.PolicyDocument, resolve),
            ]),
          ),
      );
    const decideOn = (
      arn: string,
      action: string,
      by: Record<string, string>,
      context: Record<string, string>,
    ): Decision => {
      const statements = readPolicies().get(arn) ?? [];
      // AWS refuses a policy without one.
      expect(statements.filter(({ principals }) => principals === undefined)).toEqual([]);
      return decide(statements, { action, on: [{ arn }], by, context });
    };
    const decideFor = (
      { service, ...source }: Sender,
      arn: string,
      action: string,
      isTls = true,
    ): Decision => {
      const facts = Object.entries(source).map(([key, value]) => [`aws:${key}`, value]);
      const context = { ...Object.fromEntries(facts), 'aws:SecureTransport': String(isTls) };
      return decideOn(arn, action, { Service: `${service}.amazonaws.com` }, context);
    };
    const tls = { 'aws:SecureTransport': 'true' };

    test('each has one policy, which is about nothing else', () => {
      const ids = ['AWS::SNS::Topic', 'AWS::SQS::Queue']
        .flatMap((type) => ofType(getStack(), type))
        .map(([id]) => id);
      const arns = ids.map((id) => resolve({ 'Fn::GetAtt': [id, 'Arn'] })).sort();
      expect([...readPolicies().keys()].sort()).toEqual(arns);
      expect(targets.map(([arn]) => arn).sort()).toEqual(arns);
      for (const [arn, statements] of readPolicies()) {
        for (const one of statements) expect(one.resources).toEqual({ isExcept: false, patterns: [arn] });
      }
    });

    test.each(targets)(
      '%s: takes %s from the services that send to it, for this stack, and from no others',
      (arn, action, services) => {
        const admitted = senders.filter((sender) => decideFor(sender, arn, action) === 'allowed');
        expect(admitted).toEqual(services);
      },
    );

    test.each(targets)('%s: denies %s without TLS, to whoever asks', (arn, action, services) => {
      for (const service of [...services, ...senders]) {
        expect([service, decideFor(service, arn, action, false)]).toEqual([service, 'denied']);
      }
      for (const { arn: role } of readRoles(getStack())) {
        const decision = decideOn(arn, action, { AWS: role }, { 'aws:SecureTransport': 'false' });
        expect([role, decision]).toEqual([role, 'denied']);
      }
    });

    test.each(targets.filter(([, action]) => action === publish))(
      '%s: admits the roles that may publish to it themselves',
      (arn) => {
        const roles = readRoles(getStack());
        const byTopic = roles.filter((role) => decideOn(arn, publish, { AWS: role.arn }, tls) === 'allowed');
        const byThemselves = roles.filter(
          ({ statements }) => decide(statements, { action: publish, on: [{ arn }] }) === 'allowed',
        );
        expect(byTopic.map(({ id }) => id)).toEqual(byThemselves.map(({ id }) => id));
        for (const stranger of ['999999999999:role/NotifyResultRole', `${account}:role/NotifyResultRole2`]) {
          const by = { AWS: `arn:aws:iam::${stranger}` };
          expect([stranger, decideOn(arn, publish, by, tls)]).toEqual([stranger, 'not allowed']);
        }
      },
    );

    test.each(targets)('%s: admits nobody to anything but sending', (arn, _, services) => {
      const roles = readRoles(getStack()).map((role) => ({ AWS: role.arn }));
      for (const action of others) {
        for (const service of services) expect(decideFor(service, arn, action)).toBe('not allowed');
        for (const role of roles) expect(decideOn(arn, action, role, tls)).toBe('not allowed');
      }
    });

    test('every topic has a key of the template, and every queue is encrypted', () => {
      for (const [id, { Properties }] of ofType(getStack(), 'AWS::SNS::Topic')) {
        expect([id, resources()[idOf(Properties.KmsMasterKeyId)]?.Type]).toEqual([id, 'AWS::KMS::Key']);
      }
      for (const [id, { Properties }] of ofType(getStack(), 'AWS::SQS::Queue')) {
        expect([id, Properties.SqsManagedSseEnabled]).toEqual([id, true]);
      }
    });

    test('no statement of the template allows anything to everybody', () => {
      const statements = findStatements(resources());
      expect(statements.length).toBeGreaterThan(40);
      const open = statements.filter(({ Effect, Principal, NotPrincipal }) => {
        const named = typeof Principal === 'object' ? Object.values(Principal as object).flat() : [Principal];
        return Effect === 'Allow' && (named.includes('*') || NotPrincipal !== undefined);
      });
      expect(open).toEqual([]);
    });
  });

/** Every object with an Effect, at any depth. */
const findStatements = (value: unknown): Record<string, unknown>[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(findStatements);
  return 'Effect' in value ? [value as Record<string, unknown>, ...inside] : inside;
};
