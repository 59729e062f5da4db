import type { DBClusterSnapshot } from '@aws-sdk/client-rds';
import { describe, expect, test } from 'vitest';
import {
  abroad,
  home,
  makeDbCluster,
  makeDbInstance,
  makeDbSnapshot,
  playRds,
  type Region,
  snapshotArn,
  survey,
} from './rds-model.ts';

/** One cluster with an instance, and what there is of it. */
const surveyProd = async (region: Region, there: DBClusterSnapshot[] = [], copyRegion?: string) => {
  const usual = { clusters: [makeDbCluster('prod')], instances: [makeDbInstance('prod-1', 'prod')] };
  playRds({ regions: { [home]: { ...usual, ...region }, [abroad]: { snapshots: there } } });
  const [facts] = await survey(() => copyRegion);
  return facts;
};

describe('instances', () => {
  test('of a cluster with several: all of them, in the order of their names, with their zones', async () => {
    const facts = await surveyProd({
      instances: [
        { ...makeDbInstance('prod-2', 'prod'), AvailabilityZone: 'eu-west-1b' },
        makeDbInstance('other-1', 'other'),
        makeDbInstance('prod-1', 'prod'),
      ],
    });
    expect(facts?.instances).toMatchObject({
      value: [
        { identifier: 'prod-1', zone: 'eu-west-1a' },
        { identifier: 'prod-2', zone: 'eu-west-1b' },
      ],
    });
  });

  test('one lacks a member: those of its cluster are not known, those of others are', async () => {
    playRds({
      regions: {
        [home]: {
          clusters: [makeDbCluster('a'), makeDbCluster('b')],
          instances: [
            makeDbInstance('a-1', 'a'),
            { ...makeDbInstance('a-2', 'a'), DBInstanceClass: undefined },
            makeDbInstance('b-1', 'b'),
          ],
        },
      },
    });
    const [a, b] = await survey();
    expect(a?.instances).toEqual({ unknown: 'a-2: RDS answered without DBInstanceClass' });
    expect(b?.instances).toMatchObject({ value: [{ identifier: 'b-1' }] });
  });

  test.each([
    ['prod-1', 'prod-2'],
    ['prod-2', 'prod-1'],
  ])('%s and then %s lack a member: the same reason, whatever the order', async (...names) => {
    const instances = names.map((name) => ({ ...makeDbInstance(name, 'prod'), DBInstanceClass: undefined }));
    const unknown = 'prod-1: RDS answered without DBInstanceClass';
    expect((await surveyProd({ instances }))?.instances).toEqual({ unknown });
  });

  test('of a cluster of Serverless v2 with one instance: that one, and its capacity', async () => {
    const scaling = { MinCapacity: 0, MaxCapacity: 8 };
    const facts = await surveyProd({
      clusters: [makeDbCluster('prod', { ServerlessV2ScalingConfiguration: scaling })],
      instances: [{ ...makeDbInstance('prod-1', 'prod'), DBInstanceClass: 'db.serverless' }],
    });
    expect(facts).toMatchObject({
      cluster: { capacity: { min: 0, max: 8 } },
      instances: { value: [{ instanceClass: 'db.serverless' }] },
    });
  });

  test('of a secondary of a Global Database without any, which stands: none', async () => {
    const secondary = makeDbCluster('prod', {
      GlobalClusterIdentifier: 'world',
      ReplicationSourceIdentifier: 'arn:aws:rds:us-east-1:123456789012:cluster:prod',
    });
    const facts = await surveyProd({ clusters: [secondary], instances: [] });
    expect(facts).toMatchObject({
      cluster: { settings: { globalCluster: 'world' } },
      instances: { value: [] },
    });
  });
});

describe('snapshots', () => {
  const manual = (name: string, minute: string, changes: Partial<DBClusterSnapshot> = {}) =>
    makeDbSnapshot('prod', minute, { DBClusterSnapshotIdentifier: name, ...changes });
  const none = { newest: {}, public: [], unencrypted: [] };

  test.each<[string, DBClusterSnapshot[], object]>([
    [
      'of every kind: the newest of each',
      [
        makeDbSnapshot('prod', '02:10'),
        makeDbSnapshot('prod', '01:10'),
        manual('by-hand', '03:00'),
        manual('awsbackup:job-1', '04:00'),
        manual('copied', '05:00', { SourceDBClusterSnapshotArn: snapshotArn('rds:prod-2026-11-01-00-00') }),
      ],
      {
        ...none,
        newest: {
          automated: '2026-11-16T02:10:00Z',
          manual: '2026-11-16T03:00:00Z',
          'aws-backup': '2026-11-16T04:00:00Z',
          copy: '2026-11-16T05:00:00Z',
        },
      },
    ],
    ['being made: does not count', [makeDbSnapshot('prod', '02:10', { Status: 'creating' })], none],
    [
      'of an older cluster of the same name',
      [makeDbSnapshot('prod', '02:10', { DbClusterResourceId: 'cluster-OLD' })],
      none,
    ],
    ['that a drill has taken', [manual('drill-prod-1f2e-snapshot', '02:10')], none],
    [
      'that does not say when it was taken: not the newest, but not encrypted either',
      [makeDbSnapshot('prod', '02:10', { SnapshotCreateTime: undefined, StorageEncrypted: false })],
      { ...none, unencrypted: ['rds:prod-2026-11-16-02-10'] },
    ],
    [
      'encrypted by a key of AWS: StorageEncrypted is false, and it is encrypted',
      [manual('by-aws', '02:10', { StorageEncrypted: false, StorageEncryptionType: 'sse-rds' })],
      { ...none, newest: { manual: '2026-11-16T02:10:00Z' } },
    ],
    [
      'that does not say whether it is encrypted: not called unencrypted',
      [manual('untold', '02:10', { StorageEncrypted: undefined })],
      { ...none, newest: { manual: '2026-11-16T02:10:00Z' } },
    ],
  ])('%s', async (_, snapshots, facts) => {
    expect((await surveyProd({ snapshots }))?.snapshots).toEqual({ value: facts });
  });

  test.each<[string, Partial<DBClusterSnapshot>, string[]]>([
    ['ours', {}, ['shown']],
    ['ours, of which RDS does not tell the ARN', { DBClusterSnapshotArn: undefined }, ['shown']],
    ['ours, of which RDS does not tell the cluster', { DbClusterResourceId: undefined }, ['shown']],
    ['ours, without a time', { SnapshotCreateTime: undefined }, ['shown']],
    [
      'of another account, of a cluster of the same name',
      {
        DBClusterSnapshotArn: snapshotArn('shown', home, '999999999999'),
        DbClusterResourceId: 'cluster-THEIRS',
      },
      [],
    ],
    [
      'of another account, and RDS does not tell the cluster',
      { DBClusterSnapshotArn: snapshotArn('shown', home, '999999999999'), DbClusterResourceId: undefined },
      [],
    ],
    ['of nobody knows whom', { DBClusterSnapshotArn: undefined, DbClusterResourceId: undefined }, []],
    [
      'of an older cluster of the same name, which a recovery has replaced',
      { DbClusterResourceId: 'cluster-OLD' },
      ['shown'],
    ],
    ['ours, and not available just now', { Status: 'modifying' }, ['shown']],
    ['of a drill', { DBClusterSnapshotIdentifier: 'drill-prod-1f2e-snapshot' }, ['drill-prod-1f2e-snapshot']],
  ])('a public snapshot that is %s', async (_, changes, shown) => {
    const facts = await surveyProd({ shown: [manual('shown', '02:10', changes)] });
    expect(facts?.snapshots).toMatchObject({ value: { public: shown } });
  });
});

describe('copies abroad', () => {
  const automated = 'rds:prod-2026-11-16-02-10';
  const copy = (name: string, source: string | undefined, changes: Partial<DBClusterSnapshot> = {}) =>
    makeDbSnapshot('prod', '09:00', {
      DBClusterSnapshotIdentifier: name,
      DBClusterSnapshotArn: snapshotArn(name, abroad),
      SourceDBClusterSnapshotArn: source,
      ...changes,
    });
  const byHand = makeDbSnapshot('prod', '03:00', { DBClusterSnapshotIdentifier: 'by-hand' });
  const byBackup = makeDbSnapshot('prod', '04:00', { DBClusterSnapshotIdentifier: 'awsbackup:job-1' });
  const again = makeDbSnapshot('prod', '08:00', {
    DBClusterSnapshotIdentifier: 'again',
    SourceDBClusterSnapshotArn: snapshotArn(automated),
  });
  const loop = makeDbSnapshot('prod', '08:00', {
    DBClusterSnapshotIdentifier: 'loop',
    SourceDBClusterSnapshotArn: snapshotArn('loop'),
  });
  /** @param undated the last one made of those of unknown age, where it is another */
  const found = (snapshot: string, takenAt: string | null, undated = takenAt === null ? snapshot : null) => ({
    value: {
      region: abroad,
      newest: { snapshot, takenAt: takenAt && `2026-11-16T${takenAt}:00Z` },
      ...(undated !== null && { undated: { snapshot: undated, copiedAt: '2026-11-16T09:00:00Z' } }),
    },
  });
  const none = { value: { region: abroad, newest: null } };

  test.each<[string, DBClusterSnapshot[], object]>([
    ['none', [], none],
    [
      'of an automated one that is gone: as old as its name says',
      [copy('c', snapshotArn(automated))],
      found('c', '02:10'),
    ],
    ['made by hand, of one made by hand', [copy('c', snapshotArn('by-hand'))], found('c', '03:00')],
    [
      'made by AWS Backup',
      [copy('awsbackup:copyjob-1', snapshotArn('awsbackup:job-1'))],
      found('awsbackup:copyjob-1', '04:00'),
    ],
    [
      'made by AWS Backup, and RDS does not say of what',
      [copy('awsbackup:copyjob-1', undefined)],
      found('awsbackup:copyjob-1', null),
    ],
    [
      'of a copy at home: as old as what that is a copy of',
      [copy('c', snapshotArn('again'))],
      found('c', '02:10'),
    ],
    [
      'of what is its own copy: of an age that cannot be known',
      [copy('c', snapshotArn('loop'))],
      found('c', null),
    ],
    [
      'of one made by hand that is gone: of an age that cannot be known',
      [copy('c', snapshotArn('gone'))],
      found('c', null),
    ],
    [
      'of a name with a time that never was',
      [copy('c', snapshotArn('rds:prod-2026-13-41-25-61'))],
      found('c', null),
    ],
    [
      'several: the one of the newest snapshot, not the newest copy',
      [
        copy('late', snapshotArn(automated), { SnapshotCreateTime: new Date('2026-11-16T12:00:00Z') }),
        copy('early', snapshotArn('by-hand')),
        copy('unknown', undefined, { DBClusterSnapshotIdentifier: 'awsbackup:copyjob-9' }),
      ],
      found('early', '03:00', 'awsbackup:copyjob-9'),
    ],
    ['in status copying', [copy('c', snapshotArn(automated), { Status: 'copying' })], none],
    [
      'an automated one of a cluster there of the same name',
      [makeDbSnapshot('prod', '05:00', { DbClusterResourceId: 'cluster-THERE' })],
      none,
    ],
    [
      'made by hand of a cluster there of the same name',
      [copy('c', undefined, { DbClusterResourceId: undefined })],
      none,
    ],
    [
      'of a cluster of another account of the same name',
      [copy('c', snapshotArn(automated, home, '999999999999'), { DbClusterResourceId: 'cluster-THEIRS' })],
      none,
    ],
    [
      'of another account, and RDS does not tell the cluster',
      [copy('c', snapshotArn(automated, home, '999999999999'), { DbClusterResourceId: undefined })],
      none,
    ],
    [
      'of ours, and RDS does not tell the cluster',
      [copy('c', snapshotArn(automated), { DbClusterResourceId: undefined })],
      found('c', '02:10'),
    ],
    [
      'of an older cluster of the same name',
      [copy('c', snapshotArn(automated), { DbClusterResourceId: 'cluster-OLD' })],
      none,
    ],
  ])('%s', async (_, there, facts) => {
    const prod = await surveyProd({ snapshots: [byHand, byBackup, again, loop] }, there, abroad);
    expect(prod?.copies).toEqual(facts);
  });

  test('two alike: the first by name, whatever the order of the pages', async () => {
    const alike = [copy('b', snapshotArn(automated)), copy('a', snapshotArn(automated))];
    expect((await surveyProd({}, alike, abroad))?.copies).toEqual(found('a', '02:10'));
    expect((await surveyProd({}, alike.reverse(), abroad))?.copies).toEqual(found('a', '02:10'));
  });

  test('that nobody wants: nobody looks for them', async () => {
    const seen = playRds({ regions: { [home]: { clusters: [makeDbCluster('prod')] } } });
    const [prod] = await survey();
    expect(prod?.copies).toBeNull();
    expect(seen.calls.filter(({ region }) => region !== home)).toEqual([]);
  });
});
