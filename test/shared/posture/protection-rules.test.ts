import { describe, expect, test } from 'vitest';
import { findOutcome, makeFacts, makeMysqlFacts, makeWanted } from './facts-fixture.ts';

const unknown = { unknown: 'AccessDenied: may not' };
describe('deletion-protection', () => {
  test.each([
    ['on', {}, 'pass', null],
    ['off', { isProtected: false }, 'fail', '--deletion-protection'],
    ['off for a stopped cluster', { isProtected: false, status: 'stopped' }, 'fail', '--deletion-protection'],
    [
      'off where the ARN is not known',
      { isProtected: false, arn: null },
      'fail',
      'app --deletion-protection',
    ],
    [
      'off for a cluster with a hostile name',
      { isProtected: false, identifier: "a'; rm -rf ~" },
      'fail',
      "--db-cluster-identifier 'a'\\''; rm -rf ~' --deletion-protection",
    ],
  ])('%s: %s', (_, cluster, verdict, command) => {
    const found = findOutcome('deletion-protection', makeFacts({ cluster }));
    expect(found.verdict).toBe(verdict);
    expect(found.mend?.command ?? null).toEqual(command === null ? null : expect.stringContaining(command));
  });
});

describe('what a command would do besides', () => {
  const mendOf = (rule: 'deletion-protection' | 'iam-sign-in', cluster: object) =>
    findOutcome(
      rule,
      makeFacts({ settings: { hasIamSignIn: false }, cluster: { isProtected: false, ...cluster } }),
    ).mend;
  const upgrade = { pending: ['EngineVersion'] };

  test('an upgrade waits for the maintenance window: protection leaves it alone, and sign-in says what it does', () => {
    expect(mendOf('deletion-protection', upgrade)).toEqual({
      command:
        'aws rds modify-db-cluster --db-cluster-identifier app --deletion-protection --region eu-west-1',
      note: null,
    });
    expect(mendOf('iam-sign-in', upgrade)?.note).toBe(
      '--apply-immediately also applies what waits for the maintenance window (EngineVersion), which may restart it',
    );
  });

  test('nothing waits: there is no note', () => {
    expect(mendOf('iam-sign-in', { pending: [] })?.note).toBeNull();
  });

  test.each(['deletion-protection', 'iam-sign-in'] as const)(
    '%s of a stopped cluster: RDS would refuse',
    (rule) => {
      expect(mendOf(rule, { status: 'stopped' })?.note).toBe(
        'it is stopped, and RDS modifies only a cluster that is available',
      );
    },
  );
});

describe('encryption', () => {
  test.each([
    [
      'a key of KMS',
      { encryption: 'sse-kms' },
      'pass',
      'encrypted with arn:aws:kms:eu-west-1:123456789012:key/1a2b',
    ],
    ['a key that AWS owns', { encryption: 'sse-rds' }, 'pass', 'encrypted with a key that AWS owns'],
    [
      'a key that is not named',
      { encryption: 'sse-kms', settings: undefined },
      'pass',
      'encrypted with a key of KMS',
    ],
    ['none', { encryption: 'none' }, 'fail', 'not encrypted'],
    [
      'a key that RDS cannot use',
      { encryption: 'sse-kms', status: 'inaccessible-encryption-credentials-recoverable' },
      'fail',
      'key/1a2b, which RDS cannot use: it is inaccessible-encryption-credentials-recoverable',
    ],
    ['not told', { encryption: null }, 'unreadable', null],
    ['left out', { encryption: undefined }, 'unreadable', null],
    ['a word of the future', { encryption: 'sse-moon' }, 'unreadable', null],
  ])('%s: %s', (_, cluster, verdict, seen) => {
    const found = findOutcome('encryption', makeFacts({ cluster } as Parameters<typeof makeFacts>[0]));
    expect(found.verdict).toBe(verdict);
    expect(found.seen).toEqual(seen === null ? null : expect.stringContaining(seen));
  });

  test('none: no command, since nothing mends it in place', () => {
    const { mend } = findOutcome('encryption', makeFacts({ cluster: { encryption: 'none' } }));
    expect(mend).toEqual({ command: null, note: expect.stringContaining('restore a snapshot of it') });
  });
});

describe('snapshot-encryption', () => {
  test.each([
    ['none', { unencrypted: [] }, 'pass', 'none not encrypted'],
    ['one', { unencrypted: ['app-old'] }, 'fail', '1 not encrypted: app-old'],
    ['several, in any order', { unencrypted: ['b', 'a'] }, 'fail', '2 not encrypted: a, b'],
    ['many', { unencrypted: [...'abcdefg'] }, 'fail', '7 not encrypted: a, b, c, d, e and 2 more'],
    ['not known', unknown, 'unreadable', null],
  ])('%s that is not: %s', (_, snapshots, verdict, seen) => {
    expect(findOutcome('snapshot-encryption', makeFacts({ snapshots }))).toMatchObject({ verdict, seen });
  });
});

describe('snapshots-private', () => {
  test.each([
    ['none', { public: [] }, 'pass'],
    ['one', { public: ['app-demo'] }, 'fail'],
    ['two', { public: ['app-demo', 'app-test'] }, 'fail'],
    ['one that is not encrypted either', { public: ['app-demo'], unencrypted: ['app-demo'] }, 'fail'],
    ['not known', unknown, 'unreadable'],
  ])('%s that is public: %s', (_, snapshots, verdict) => {
    expect(findOutcome('snapshots-private', makeFacts({ snapshots })).verdict).toBe(verdict);
  });

  test('two: a command closes each, and none runs after one that failed', () => {
    const { mend } = findOutcome('snapshots-private', makeFacts({ snapshots: { public: ['b', '$(id)'] } }));
    const close = (name: string) =>
      `aws rds modify-db-cluster-snapshot-attribute --db-cluster-snapshot-identifier ${name} --attribute-name restore --values-to-remove all --region eu-west-1`;
    expect(mend?.command).toBe(`${close("'$(id)'")} &&\n${close('b')}`);
  });
});

const switches = [
  ['tags-to-snapshots', 'copiesTagsToSnapshots', '--copy-tags-to-snapshot'],
  ['iam-sign-in', 'hasIamSignIn', '--enable-iam-database-authentication'],
] as const;

describe.each(switches)('%s', (rule, setting, option) => {
  const withSetting = (value: boolean | null) => ({ settings: { [setting]: value } });
  const untold = makeFacts();
  delete untold.cluster.settings;

  test.each([
    ['on', makeFacts(withSetting(true)), 'pass'],
    ['on, in MySQL', makeMysqlFacts(withSetting(true)), 'pass'],
    ['off', makeFacts(withSetting(false)), 'fail'],
    [
      'off, while it is stopped',
      makeFacts({ ...withSetting(false), cluster: { status: 'stopped' } }),
      'fail',
    ],
    ['off, in a Global Database', makeFacts({ settings: { [setting]: false, globalCluster: 'w' } }), 'fail'],
    ['not told', makeFacts(withSetting(null)), 'unreadable'],
    ['no settings told', untold, 'unreadable'],
  ])('%s: %s', (_, facts, verdict) => {
    expect(findOutcome(rule, facts).verdict).toBe(verdict);
  });

  test('off: the command switches it on', () => {
    const { mend } = findOutcome(rule, makeFacts(withSetting(false)));
    expect(mend?.command).toContain(`app ${option} --region eu-west-1`);
  });
});

describe('required-tags', () => {
  test.each([
    ['one that is there', { owner: 'x' }, ['owner'], 'pass', 'all of them'],
    ['one that is there without a value', { owner: '' }, ['owner'], 'pass', 'all of them'],
    ['one that is not', { Owner: 'x' }, ['owner'], 'fail', 'without owner'],
    ['one that every object has', {}, ['toString'], 'fail', 'without toString'],
    ['one of two', { owner: 'x' }, ['owner', 'env'], 'fail', 'without env'],
    ['none', {}, [], 'not-applicable', null],
  ])('%s: %s', (_, tags, requiredTags, verdict, seen) => {
    const found = findOutcome(
      'required-tags',
      makeFacts({ cluster: { tags } as { tags: Record<string, string> } }),
      makeWanted({ requiredTags }),
    );
    expect(found).toMatchObject({ verdict, seen });
  });
});
