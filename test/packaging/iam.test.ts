import { describe, expect, test } from 'vitest';
import { type Decision, decide, type Request, readStatements } from './iam.ts';
import { arnOf, resolverOf } from './roles.ts';

const resolve = resolverOf({
  Pager: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'pager' } },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'queue' } },
  Step: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'step' } },
  Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'machine' } },
  Key: { Type: 'AWS::KMS::Key', Properties: {} },
  Table: { Type: 'AWS::DynamoDB::Table', Properties: {} },
});

const statementOf = (Effect: string, rest: object) => {
  const all = { Effect, Action: 'rds:DeleteDBCluster', Resource: '*', ...rest };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
};
const allow = (rest: object = {}) => statementOf('Allow', rest);
const deny = (rest: object = {}) => statementOf('Deny', rest);
const denyBut = (...NotResource: string[]) => deny({ Resource: undefined, NotResource });
const ask = (rest: Partial<Request> = {}): Request => ({
  action: 'rds:DeleteDBCluster',
  on: [{ arn: arnOf('rds', 'cluster:drill-1') }],
  ...rest,
});
const decideOn = (Statement: object, request = ask()): Decision =>
  decide(readStatements({ Statement }, resolve), request);

describe('a statement', () => {
  test.each<[string, object[], Decision]>([
    ['no statement: nothing is allowed', [], 'not allowed'],
    ['one that allows: allowed', [allow()], 'allowed'],
    ['one that denies beside it: denied, in either order', [deny(), allow()], 'denied'],
    ['one that denies after it: denied', [allow(), deny()], 'denied'],
    ['one that denies something else: allowed', [allow(), deny({ Action: 'rds:Stop*' })], 'allowed'],
    ['another action: not allowed', [allow({ Action: 'rds:DeleteDBInstance' })], 'not allowed'],
    ['an action in other cases: allowed', [allow({ Action: 'RDS:deletedbcluster' })], 'allowed'],
    ['* and ? in an action: allowed', [allow({ Action: 'rds:Delete??C*' })], 'allowed'],
    ['? for two signs: not allowed', [allow({ Action: 'rds:Delete?Cluster' })], 'not allowed'],
    ['one action of several: allowed', [allow({ Action: ['rds:StopDBCluster', 'rds:Delete*'] })], 'allowed'],
    ['an action only begun: not allowed', [allow({ Action: 'rds:Delete' })], 'not allowed'],
    ['NotAction of another: allowed', [allow({ Action: undefined, NotAction: 'rds:Stop*' })], 'allowed'],
    ['NotAction of this one: not allowed', [allow({ Action: undefined, NotAction: 'rds:*' })], 'not allowed'],
    ['the resource by prefix: allowed', [allow({ Resource: 'arn:*:cluster:drill-*' })], 'allowed'],
    ['a resource in other cases: not allowed', [allow({ Resource: 'arn:*:cluster:DRILL-*' })], 'not allowed'],
    ['a dot for any sign: not allowed', [allow({ Resource: 'arn:*:cluster:drill..' })], 'not allowed'],
    ['NotResource of another: denied', [allow(), denyBut('arn:*:db:*')], 'denied'],
    ['NotResource of this one: allowed', [allow(), denyBut('arn:*:cluster:drill-*')], 'allowed'],
    ['NotResource of several with this one: allowed', [allow(), denyBut('x', 'arn:*:cluster:*')], 'allowed'],
  ])('%s', (_, statements, decision) => {
    expect(decideOn(statements)).toBe(decision);
  });

  test('several resources: allowed when each is, denied when one is', () => {
    const on = ['cluster:drill-1', 'cluster-snapshot:final'].map((name) => ({ arn: arnOf('rds', name) }));
    const cluster = allow({ Resource: 'arn:*:cluster:*' });
    expect(decideOn([cluster], ask({ on }))).toBe('not allowed');
    expect(decideOn([cluster, allow({ Resource: 'arn:*:cluster-snapshot:*' })], ask({ on }))).toBe('allowed');
    expect(decideOn([allow(), denyBut('arn:*:cluster:*')], ask({ on }))).toBe('denied');
    expect(() => decideOn([allow()], ask({ on: [] }))).toThrow('on nothing');
  });

  test('principals: the service, the role, its account, or anybody', () => {
    const by = { Service: 'sns.amazonaws.com' };
    const service = (Principal: object | string) => decideOn([allow({ Principal })], ask({ by }));
    expect(service({ Service: ['events.amazonaws.com', 'sns.amazonaws.com'] })).toBe('allowed');
    expect(service({ Service: 'events.amazonaws.com' })).toBe('not allowed');
    expect(service({ AWS: 'sns.amazonaws.com' })).toBe('not allowed');
    expect(service('*')).toBe('allowed');
    expect(decideOn([allow({ Principal: { AWS: '*' } })], ask({ by: { AWS: 'arn:x' } }))).toBe('allowed');
    const role = 'arn:aws:iam::111122223333:role/a';
    const inAccount = { Principal: { AWS: 'arn:aws:iam::111122223333:root' } };
    const bound = { ...inAccount, Condition: { ArnEquals: { 'aws:PrincipalArn': [`${role}b`, role] } } };
    const roles = (rest: object, AWS: string) => decideOn([allow(rest)], ask({ by: { AWS } }));
    expect(roles(inAccount, role)).toBe('allowed');
    expect(roles(inAccount, 'arn:aws:iam::999999999999:role/a')).toBe('not allowed');
    expect(roles(bound, role)).toBe('allowed');
    expect(roles(bound, 'arn:aws:iam::111122223333:role/c')).toBe('not allowed');
    expect(decideOn([allow(bound)], ask({ by }))).toBe('not allowed');
  });
});

describe('a condition', () => {
  const rule = arnOf('events', 'rule/bad-ends');
  test.each<[string, object, string | undefined, boolean]>([
    ['StringEquals: the same', { StringEquals: { k: 'a' } }, 'a', true],
    ['StringEquals: one of several', { StringEquals: { k: ['a', 'b'] } }, 'b', true],
    ['StringEquals: in other cases', { StringEquals: { k: 'a' } }, 'A', false],
    ['StringEquals: a * is a *', { StringEquals: { k: '*' } }, 'a', false],
    ['StringEquals: no such key', { StringEquals: { k: 'a' } }, undefined, false],
    ['StringNotEquals: another', { StringNotEquals: { k: ['a', 'b'] } }, 'c', true],
    ['StringNotEquals: one of several', { StringNotEquals: { k: ['a', 'b'] } }, 'b', false],
    ['StringNotEquals: no such key', { StringNotEquals: { k: 'a' } }, undefined, true],
    ['StringLike: by pattern', { StringLike: { k: 'a?c*' } }, 'abcd', true],
    ['StringLike: ?* wants something', { StringLike: { k: '?*' } }, '', false],
    ['StringLike: no such key', { StringLike: { k: '*' } }, undefined, false],
    ['StringNotLike: by pattern', { StringNotLike: { k: 'a*' } }, 'abc', false],
    ['StringNotLike: no such key', { StringNotLike: { k: 'a*' } }, undefined, true],
    ['ArnEquals: the same', { ArnEquals: { k: rule } }, rule, true],
    ['ArnEquals: another', { ArnEquals: { k: rule } }, `${rule}-2`, false],
    ['ArnLike: * in a part', { ArnLike: { k: 'arn:aws:events:*:*:rule/*' } }, rule, true],
    ['ArnLike: * over two parts', { ArnLike: { k: 'arn:aws:events:*:rule/*' } }, rule, false],
    ['ArnLike: no such key', { ArnLike: { k: 'arn:*:*:*:*:*' } }, undefined, false],
    ['Bool: the same, as text', { Bool: { k: 'false' } }, 'false', true],
    ['Bool: the same, as JSON', { Bool: { k: false } }, 'false', true],
    ['Bool: the other', { Bool: { k: 'false' } }, 'true', false],
    ['Bool: no such key', { Bool: { k: 'false' } }, undefined, false],
    ['Null true: no such key', { Null: { k: 'true' } }, undefined, true],
    ['Null true: the key', { Null: { k: 'true' } }, 'a', false],
    ['Null false: the key', { Null: { k: 'false' } }, 'a', true],
    ['Null false: no such key', { Null: { k: 'false' } }, undefined, false],
    ['two keys, one of which holds', { StringEquals: { k: 'a', other: 'b' } }, 'a', false],
    ['two operators, one of which holds', { StringEquals: { k: 'a' }, Bool: { other: 'true' } }, 'a', false],
    ['a key in other cases', { StringEquals: { K: 'a' } }, 'a', true],
  ])('%s: of %3$s', (_, Condition, value, holds) => {
    const context = value === undefined ? {} : { k: value };
    const decision = decideOn([allow({ Condition })], ask({ context }));
    expect(decision).toBe(holds ? 'allowed' : 'not allowed');
  });

  test('aws:ResourceTag: the tags of each resource by itself', () => {
    const Condition = { StringLike: { 'aws:ResourceTag/aurora-drills:drill': '?*' } };
    const tagged = { arn: arnOf('rds', 'cluster:drill-1'), tags: { 'aurora-drills:drill': 'x' } };
    const bare = { arn: arnOf('rds', 'cluster:drill-2') };
    expect(decideOn([allow({ Condition })], ask({ on: [tagged] }))).toBe('allowed');
    expect(decideOn([allow({ Condition })], ask({ on: [tagged, bare] }))).toBe('not allowed');
  });

  test('a Deny whose condition does not hold denies nothing', () => {
    const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
    const context = { 'aws:SecureTransport': 'true' };
    expect(decideOn([allow(), deny({ Condition })], ask({ context }))).toBe('allowed');
  });
});

describe('what is not known', () => {
  test.each<[string, object, string]>([
    ['an operator', allow({ Condition: { NumericLessThan: { k: '1' } } }), 'operator NumericLessThan'],
    [
      'an operator with IfExists',
      allow({ Condition: { StringLikeIfExists: { k: 'a' } } }),
      'StringLikeIfExists',
    ],
    [
      'an operator over all values',
      allow({ Condition: { 'ForAllValues:StringEquals': { k: 'a' } } }),
      'ForAll',
    ],
    [
      'a negated operator that does not exist',
      allow({ Condition: { StringNotBool: { k: 'a' } } }),
      'StringNotBool',
    ],
    ['NotPrincipal', allow({ NotPrincipal: { AWS: 'a' } }), 'NotPrincipal'],
    ['an effect', { ...allow(), Effect: 'allow' }, 'not an effect'],
    ['no resource', { Effect: 'Allow', Action: '*' }, 'cannot be resolved'],
    ['no action', { Effect: 'Allow', Resource: '*' }, 'cannot be resolved'],
    ['Resource and NotResource', allow({ NotResource: 'a' }), 'beside NotResource'],
    ['a policy variable', allow({ Resource: 'arn:${aws:username}' }), 'policy variables'],
    ['an intrinsic', allow({ Resource: { 'Fn::If': ['a', 'b', 'c'] } }), 'cannot be resolved'],
    [
      'another attribute',
      allow({ Resource: { 'Fn::GetAtt': ['Queue', 'QueueName'] } }),
      'cannot be resolved',
    ],
    ['a Ref that is no ARN', allow({ Resource: { Ref: 'Queue' } }), 'no ARN is known of Queue'],
    ['a type', allow({ Resource: { 'Fn::GetAtt': ['Table', 'Arn'] } }), 'no ARN is known of Table'],
    [
      'a resource that is not there',
      allow({ Resource: { 'Fn::Sub': '${Gone.Arn}' } }),
      'of Gone, which is nothing',
    ],
  ])('%s: throws', (_, statement, message) => {
    expect(() => readStatements({ Statement: [statement] }, resolve)).toThrow(message);
  });
});

test.each([
  [{ Ref: 'AWS::Region' }, 'eu-west-1'],
  [{ Ref: 'Pager' }, 'arn:aws:sns:eu-west-1:111122223333:pager'],
  [{ Ref: 'Machine' }, 'arn:aws:states:eu-west-1:111122223333:stateMachine:machine'],
  [{ 'Fn::GetAtt': ['Step', 'Arn'] }, 'arn:aws:lambda:eu-west-1:111122223333:function:step'],
  [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:eu-west-1:111122223333:queue'],
  [{ 'Fn::GetAtt': ['Key', 'Arn'] }, 'arn:aws:kms:eu-west-1:111122223333:key/Key'],
  [{ 'Fn::Sub': 'arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:db:*' }, arnOf('rds', 'db:*')],
  [{ 'Fn::Sub': '${Step.Arn}:1 ${Pager}' }, `${arnOf('lambda', 'function:step')}:1 ${arnOf('sns', 'pager')}`],
])('%j is %s', (value, text) => {
  expect(resolve(value)).toBe(text);
});
