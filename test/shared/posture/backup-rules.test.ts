import { describe, expect, test } from 'vitest';
import { wantedOf } from '../../../shared/posture/wanted.ts';
import { findOutcome, makeFacts, makeWanted } from './facts-fixture.ts';

const unknown = { unknown: 'Throttled: too many calls' };

describe('backup-retention', () => {
  test.each([
    ['as many days as wanted', 35, 'pass'],
    ['fewer', 34, 'fail'],
    ['one day, the default of Aurora', 1, 'fail'],
    ['none', 0, 'fail'],
    ['RDS does not say', null, 'unreadable'],
  ])('%s: %s days: %s', (_, retentionDays, verdict) => {
    expect(findOutcome('backup-retention', makeFacts({ settings: { retentionDays } }))).toMatchObject({
      verdict,
    });
  });

  test('as few as the plan is content with: pass', () => {
    const facts = makeFacts({ settings: { retentionDays: 7 } });
    expect(findOutcome('backup-retention', facts, makeWanted({ retentionDays: 7 })).verdict).toBe('pass');
  });

  test('fewer: the command sets what is wanted, where the cluster is', () => {
    expect(findOutcome('backup-retention', makeFacts({ settings: { retentionDays: 7 } }))).toMatchObject({
      expected: '35 days or more',
      seen: '7 days',
      mend: {
        command:
          'aws rds modify-db-cluster --db-cluster-identifier app --backup-retention-period 35 --region eu-west-1 --apply-immediately',
      },
    });
  });
});

describe('snapshot-age', () => {
  test.each([
    ['a recent automated one', { newest: { automated: '2026-11-15T06:00:00Z' } }, 'pass'],
    ['an old automated one', { newest: { automated: '2026-11-15T05:59:00Z' } }, 'fail'],
    [
      'an old automated one and a recent one of AWS Backup',
      { newest: { automated: '2026-11-01T06:00:00Z', 'aws-backup': '2026-11-16T06:00:00Z' } },
      'pass',
    ],
    [
      'one by hand alone, which counts for nothing here',
      { newest: { manual: '2026-11-16T06:00:00Z' } },
      'fail',
    ],
    ['a copy alone', { newest: { copy: '2026-11-16T06:00:00Z' } }, 'fail'],
    [
      'a recent automated one and an old one of AWS Backup',
      { newest: { automated: '2026-11-16T06:00:00Z', 'aws-backup': '2026-11-01T06:00:00Z' } },
      'pass',
    ],
    ['none', { newest: {} }, 'fail'],
    ['one from a clock ahead', { newest: { automated: '2026-11-16T08:00:30Z' } }, 'pass'],
    ['not known', unknown, 'unreadable'],
  ])('%s: %s', (_, snapshots, verdict) => {
    expect(findOutcome('snapshot-age', makeFacts({ snapshots })).verdict).toBe(verdict);
  });

  test('none, of a cluster that is an hour old: pass', () => {
    const facts = makeFacts({ snapshots: { newest: {} }, cluster: { createdAt: '2026-11-16T07:00:00Z' } });
    expect(findOutcome('snapshot-age', facts)).toMatchObject({
      verdict: 'pass',
      seen: 'none, and the cluster is 60 min old',
    });
  });

  test('an old one: how old in days', () => {
    const facts = makeFacts({ snapshots: { newest: { automated: '2026-11-07T06:00:00Z' } } });
    expect(findOutcome('snapshot-age', facts).seen).toBe('the newest, automated, is 9 days old');
  });

  test('none, of a cluster of unknown age: unreadable', () => {
    const facts = makeFacts({ snapshots: { newest: {} }, cluster: { createdAt: null } });
    expect(findOutcome('snapshot-age', facts).verdict).toBe('unreadable');
  });

  test('one by hand, where those count: pass', () => {
    const facts = makeFacts({ snapshots: { newest: { manual: '2026-11-16T06:00:00Z' } } });
    expect(findOutcome('snapshot-age', facts, wantedOf({}, ['manual'])('app')).verdict).toBe('pass');
  });
});

describe('restorable-lag', () => {
  test.each([
    ['half an hour behind', { latestRestorableTime: '2026-11-16T07:30:00Z' }, 'pass'],
    ['a second more', { latestRestorableTime: '2026-11-16T07:29:59Z' }, 'fail'],
    ['never restorable since long', { latestRestorableTime: null }, 'fail'],
    [
      'not yet restorable, and young',
      { latestRestorableTime: null, createdAt: '2026-11-16T07:50:00Z' },
      'pass',
    ],
    [
      'stopped for days',
      { latestRestorableTime: '2026-11-10T07:30:00Z', status: 'stopped' },
      'not-applicable',
    ],
    ['nothing known', { latestRestorableTime: null, createdAt: null }, 'unreadable'],
    [
      'nothing known, because it is being made',
      { latestRestorableTime: null, createdAt: null, status: 'creating' },
      'not-applicable',
    ],
  ])('%s: %s', (_, cluster, verdict) => {
    expect(findOutcome('restorable-lag', makeFacts({ cluster })).verdict).toBe(verdict);
  });
});

const copyOf = (takenAt: string | null, copiedAt?: string | null) => ({
  value: {
    region: 'eu-central-1',
    newest: { snapshot: 'app-copy', takenAt },
    ...(copiedAt !== undefined && { undated: { snapshot: 'other', copiedAt } }),
  },
});

describe('copy-abroad', () => {
  test.each([
    ['one as old as may be', copyOf('2026-11-14T08:00:00Z'), 'pass'],
    ['an older one', copyOf('2026-11-14T07:59:00Z'), 'fail'],
    ['none that is available', { value: { region: 'eu-central-1', newest: null } }, 'fail'],
    ['one whose source nobody knows', copyOf(null), 'unreadable'],
    ['the same, made since', copyOf(null, '2026-11-15T08:00:00Z'), 'unreadable'],
    [
      'the same, made long ago: what it is a copy of is older still',
      copyOf(null, '2026-11-01T08:00:00Z'),
      'fail',
    ],
    ['the same, made at no known time', copyOf(null, null), 'unreadable'],
    [
      'an older one, beside one of unknown age made since',
      copyOf('2026-11-01T08:00:00Z', '2026-11-15T08:00:00Z'),
      'unreadable',
    ],
    [
      'an older one, beside one of unknown age made long ago',
      copyOf('2026-11-01T08:00:00Z', '2026-11-02T08:00:00Z'),
      'fail',
    ],
    ['a new one, beside one of unknown age', copyOf('2026-11-16T02:00:00Z', '2026-11-16T08:00:00Z'), 'pass'],
    ['a Region that could not be read', unknown, 'unreadable'],
    ['a Region that nobody has looked into', null, 'unreadable'],
  ])('%s: %s', (_, copies, verdict) => {
    expect(findOutcome('copy-abroad', makeFacts({ copies })).verdict).toBe(verdict);
  });

  test('no plan asks for it: not applicable, whatever there is', () => {
    const wanted = makeWanted({ copyRegion: undefined });
    expect(findOutcome('copy-abroad', makeFacts({ copies: null }), wanted).verdict).toBe('not-applicable');
  });

  test('one of unknown age that was made long ago: when it was made', () => {
    const found = findOutcome('copy-abroad', makeFacts({ copies: copyOf(null, '2026-11-01T08:00:00Z') }));
    expect(found.seen).toBe('app-copy, copied 2026-11-01 08:00:00 UTC, 15 days ago');
  });

  test('a copy in the Region of the cluster itself: it would go down with it', () => {
    const facts = makeFacts({
      copies: {
        value: { region: 'eu-west-1', newest: { snapshot: 'app-copy', takenAt: '2026-11-16T02:00:00Z' } },
      },
    });
    const found = findOutcome('copy-abroad', facts, makeWanted({ copyRegion: 'eu-west-1' }));
    expect(found).toMatchObject({
      verdict: 'fail',
      seen: 'copyRegion is eu-west-1, where the cluster is itself',
    });
  });

  test('an older one than the plan wants: what is there, and how old', () => {
    const found = findOutcome('copy-abroad', makeFacts(), makeWanted({ copyMaxAgeHours: 24 }));
    expect(found).toMatchObject({
      verdict: 'fail',
      expected: 'one of the last 24 h in eu-central-1',
      seen: 'app-copy, taken 2026-11-15 02:12:00 UTC, 29 h 48 min ago',
      mend: { command: null },
    });
  });
});

describe('aws-backup', () => {
  test.each([
    ['a recent one', { newest: { 'aws-backup': '2026-11-15T06:00:00Z' } }, 'pass'],
    [
      'a daily one, begun 8 hours later today than yesterday',
      { newest: { 'aws-backup': '2026-11-15T00:00:00Z' } },
      'pass',
    ],
    ['an old one', { newest: { 'aws-backup': '2026-11-14T21:00:00Z' } }, 'fail'],
    [
      'an old one beside a recent automated one',
      { newest: { 'aws-backup': '2026-11-01T05:00:00Z', automated: '2026-11-16T05:00:00Z' } },
      'fail',
    ],
    ['never one', { newest: { automated: '2026-11-16T05:00:00Z' } }, 'not-applicable'],
    ['no snapshot at all', { newest: {} }, 'not-applicable'],
    ['not known', unknown, 'unreadable'],
  ])('%s: %s', (_, snapshots, verdict) => {
    expect(findOutcome('aws-backup', makeFacts({ snapshots })).verdict).toBe(verdict);
  });

  test('a weekly one, as the plan says: pass', () => {
    const facts = makeFacts({ snapshots: { newest: { 'aws-backup': '2026-11-10T05:00:00Z' } } });
    expect(findOutcome('aws-backup', facts, makeWanted({ awsBackupAgeHours: 170 })).verdict).toBe('pass');
  });
});
