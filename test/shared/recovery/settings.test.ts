import { describe, expect, test } from 'vitest';
import type { Instance } from '../../../shared/aurora/port.ts';
import type { ClusterSettings, InstanceSettings } from '../../../shared/aurora/settings.ts';
import { keepTags, keptSettingsOf } from '../../../shared/recovery/kept-settings.ts';
import { recoveredTagsOf } from '../../../shared/recovery/names.ts';
import type { Described } from '../../../shared/recovery/setting.ts';
import { compareSettings } from '../../../shared/recovery/settings-table.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';

const target = 'recovered-shop-20261119021300';

const clusterSettings: ClusterSettings = {
  retentionDays: 35,
  backupWindow: '02:10-02:40',
  maintenanceWindow: 'sun:03:00-sun:03:30',
  kmsKey: 'arn:key',
  logExports: ['error', 'audit'],
  hasIamSignIn: true,
  copiesTagsToSnapshots: true,
  hasHttpEndpoint: true,
  roles: [
    { arn: 'arn:aws:iam::1:role/import', feature: 's3Import' },
    { arn: 'arn:aws:iam::1:role/load', feature: null },
  ],
  customEndpoints: ['reports.cluster-custom-x.rds.amazonaws.com'],
  globalCluster: 'world',
  masterSecret: 'arn:secret',
  hasLocalWriteForwarding: true,
  activityStream: { mode: 'async', kmsKey: 'arn:stream' },
  domain: { id: 'd-1', role: 'directory' },
};
const instanceSettings: InstanceSettings = {
  promotionTier: 0,
  hasMinorUpgrades: false,
  isPublic: true,
  maintenanceWindow: 'mon:03:00-mon:03:30',
  certificateAuthority: 'rds-ca-rsa4096-g1',
  monitoring: { seconds: 15, role: 'arn:monitoring' },
  insights: { mode: 'advanced', retentionDays: 465, kmsKey: 'arn:pi' },
};
const writer: Instance = {
  identifier: 'shop-1',
  cluster: 'shop',
  status: 'available',
  instanceClass: 'db.r8g.large',
  parameterGroup: 'shop-instance',
  settings: instanceSettings,
};

/** A source that has every setting, none of them as RDS would choose it. */
const source: Described = {
  cluster: makeCluster({
    identifier: 'shop',
    port: 5433,
    networkType: 'DUAL',
    capacity: { min: 0, max: 32, autoPauseSeconds: 86_400 },
    backtrack: { targetSeconds: 86_400, earliestTime: null },
    isProtected: true,
    tags: { team: 'payments', 'cost center': "it's 42", 'aws:cloudformation:stack-name': 'shop' },
    settings: clusterSettings,
  }),
  writer,
};

/** What RDS makes of a restore that is told nothing. */
const bare: Described = {
  cluster: makeCluster({
    identifier: target,
    port: 5432,
    subnetGroup: 'default',
    securityGroups: ['sg-default'],
    parameterGroup: 'default.aurora-postgresql17',
    capacity: null,
    storageType: null,
    lifecycleSupport: 'open-source-rds-extended-support',
    networkType: 'IPV4',
    tags: {},
    settings: {
      retentionDays: 1,
      backupWindow: '05:00-05:30',
      maintenanceWindow: 'tue:05:00-tue:05:30',
      kmsKey: 'arn:aws-key',
      logExports: [],
      hasIamSignIn: false,
      copiesTagsToSnapshots: false,
      hasHttpEndpoint: false,
      roles: [],
      customEndpoints: [],
      globalCluster: null,
      masterSecret: null,
      hasLocalWriteForwarding: false,
      activityStream: null,
      domain: null,
    },
  }),
  writer: {
    ...writer,
    instanceClass: 'db.t4g.medium',
    parameterGroup: 'default.aurora-postgresql17',
    settings: {
      promotionTier: 1,
      hasMinorUpgrades: true,
      isPublic: false,
      maintenanceWindow: 'wed:05:00-wed:05:30',
      certificateAuthority: 'rds-ca-rsa2048-g1',
      monitoring: null,
      insights: null,
    },
  },
};

const outcomes = (recovered: Described | null, of = source) =>
  Object.groupBy(compareSettings(of, recovered, target), ({ outcome }) => outcome);
const labels = (rows: { setting: string }[] = []) => rows.map(({ setting }) => setting);

/** What RDS can be told by no restore. */
const afterwards = [
  'maintenance window, UTC',
  'IAM roles',
  'custom endpoints',
  'master password in Secrets Manager',
  'Global Database',
  'Data API',
  'local write forwarding',
  'activity stream',
  'directory',
  'writer: Enhanced Monitoring',
  'writer: Performance Insights',
  'writer: minor upgrades by themselves',
  'writer: public address',
  'writer: maintenance window, UTC',
  'writer: certificate authority',
];
const elsewhere = ['autoscaling of readers', 'targets of RDS Proxy'];

describe('a source with every setting away from its default', () => {
  test('every setting has another value on the source than RDS gives: the test can fail for each', () => {
    for (const { setting, source: one, recovered } of compareSettings(source, bare, target))
      if (!elsewhere.includes(setting)) expect([setting, one === recovered]).toEqual([setting, false]);
  });

  test('before anything is made: each is passed, or listed with its command', () => {
    const { passed, 'to do': toDo, 'not known': unknown, same } = outcomes(null);
    expect(labels(toDo)).toEqual(afterwards);
    expect(labels(unknown)).toEqual(elsewhere);
    expect(passed).toHaveLength(20);
    expect(same).toBeUndefined();
  });

  test('a restore that RDS was told nothing of: each is found to be lost, with its command for that cluster', () => {
    const rows = compareSettings(source, bare, target);
    for (const { setting, outcome, command } of rows) {
      expect([setting, outcome]).toEqual([setting, elsewhere.includes(setting) ? 'not known' : 'to do']);
      if (!/^# .* fixed when a cluster is made$/.test(command ?? '')) expect(command).toContain(target);
    }
  });

  test('a recovered cluster that has them all: nothing to do but what other services know', () => {
    const {
      same,
      'not known': unknown,
      ...others
    } = outcomes({
      ...source,
      cluster: { ...source.cluster, tags: { ...source.cluster.tags, more: 'x' } },
    });
    expect(labels(unknown)).toEqual(elsewhere);
    expect(same).toHaveLength(35);
    expect(others).toEqual({});
  });

  test('the commands, exactly', () => {
    const rows = compareSettings(source, bare, target);
    const text = rows.map(({ setting, command }) => `${setting}\n${command ?? '-'}`).join('\n\n');
    return expect(text).toMatchFileSnapshot('./__snapshots__/setting-commands.txt');
  });
});

test('a reader: only what it lacks is listed, with the name of the new one in the command', () => {
  const settings = { ...instanceSettings, promotionTier: 15 };
  const reader = { ...writer, identifier: 'shop-2', settings };
  const made = { ...reader, identifier: `${target}-reader-1` };
  const compareReader = (recovered: Instance) =>
    compareSettings(source, source, target, [{ source: reader, recovered }]).filter(({ setting }) =>
      setting.startsWith('reader '),
    );
  expect(compareReader(made)).toEqual([]);
  const lacking = { ...made, settings: { ...settings, monitoring: null, promotionTier: 1 } };
  expect(compareReader(lacking)).toMatchObject([
    {
      setting: 'reader shop-2: promotion tier',
      source: '15',
      recovered: '1',
      command: `aws rds modify-db-instance --db-instance-identifier ${target}-reader-1 --promotion-tier 15 --apply-immediately`,
    },
    {
      setting: 'reader shop-2: Enhanced Monitoring',
      source: 'every 15 s by arn:monitoring',
      recovered: 'off',
      command: expect.stringContaining(`${target}-reader-1 --monitoring-interval 15 `),
    },
  ]);
});

test('a source that was deleted, and of which little is known: not known, never the same', () => {
  const { cluster } = source;
  const { settings: _, ...rest } = cluster;
  const { same, 'not known': unknown } = outcomes(bare, {
    cluster: { ...rest, networkType: null },
    writer: undefined,
  });
  expect(same).toBeUndefined();
  expect(unknown).toHaveLength(27);
  expect(unknown?.every(({ command }) => command !== null)).toBe(true);
});

test('a source without deletion protection: the recovered cluster has it all the same, and nothing is to do', () => {
  const unprotected = { ...source, cluster: { ...source.cluster, isProtected: false } };
  const row = compareSettings(unprotected, source, target).find(
    ({ setting }) => setting === 'deletion protection',
  );
  expect(row).toMatchObject({ source: 'off', recovered: 'on', outcome: 'same', command: null });
});

test('what is asked for when the cluster is made: as the source has it', () => {
  expect(keptSettingsOf(source.cluster)).toEqual({
    retentionDays: 35,
    backupWindow: '02:10-02:40',
    kmsKey: 'arn:key',
    logExports: ['error', 'audit'],
    hasIamSignIn: true,
    copiesTagsToSnapshots: true,
    backtrackSeconds: 86_400,
  });
});

describe('tags', () => {
  const ours = recoveredTagsOf({ source: 'shop', restoreTo: '2026-11-19T02:13:00Z', execution: 'arn:a' });

  test("the source's, without those of AWS and of jobs; the plan's and the recovery's win", () => {
    const tags = {
      team: 'payments',
      tier: '1',
      'aws:cloudformation:stack-name': 'shop',
      'aurora-drills:drill': '1a2b3c4d',
      'aurora-recovered:source': 'an earlier recovery',
    };
    expect(keepTags(tags, { tier: '2' }, ours)).toEqual({ team: 'payments', tier: '2', ...ours });
  });

  test('more than RDS takes: 50, ours among them, and the rest is in the table to do', () => {
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, 'x']));
    const kept = keepTags(tags, {}, ours);
    expect(Object.keys(kept)).toHaveLength(50);
    expect(kept).toMatchObject(ours);
    const many = { ...source, cluster: { ...source.cluster, tags } };
    const row = compareSettings(many, { ...source, cluster: { ...source.cluster, tags: kept } }, target).find(
      ({ setting }) => setting === 'tags',
    );
    expect(row).toMatchObject({ outcome: 'to do', command: expect.stringContaining('add-tags-to-resource') });
  });
});
