import {
  CreateDBInstanceCommand,
  RDSClient,
  RestoreDBClusterToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { carriedByClusters, carriedByInstances, type Gets } from '../../../shared/aurora/carried.ts';
import { addWriter, rdsAurora, restoreAny } from '../../../shared/aws/rds.ts';
import { keptSettingsOf } from '../../../shared/recovery/kept-settings.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';

const rds = mockClient(RDSClient);
const aurora = rdsAurora({ restoreAny, addWriter }, new RDSClient({ region: 'eu-west-1' }));

beforeEach(() => rds.reset());

/** No value is what RDS, or this project, would choose by itself. */
const source = makeCluster({
  port: 5999,
  capacity: { min: 2, max: 3 },
  networkType: 'DUAL',
  backtrack: { targetSeconds: 999, earliestTime: null },
});
const kept = {
  ...keptSettingsOf(source),
  retentionDays: 34,
  backupWindow: '02:10-02:40',
  kmsKey: 'key',
  logExports: ['error'],
  hasIamSignIn: false,
  copiesTagsToSnapshots: true,
};
const { port, subnetGroup, securityGroups, parameterGroup, capacity, ...others } = source;
const { storageType, lifecycleSupport, networkType } = others;

/** The setting in the words of the requests. Null: they have none for it, or it may not be passed on. */
const clusterWords: Record<keyof typeof carriedByClusters, [string, unknown] | null> = {
  retentionDays: ['BackupRetentionPeriod', kept.retentionDays],
  parameterGroup: ['DBClusterParameterGroupName', parameterGroup],
  port: ['Port', port],
  securityGroups: ['VpcSecurityGroupIds', securityGroups],
  subnetGroup: ['DBSubnetGroupName', subnetGroup],
  kmsKey: ['KmsKeyId', kept.kmsKey],
  storageType: ['StorageType', storageType],
  capacity: ['ServerlessV2ScalingConfiguration', { MinCapacity: 2, MaxCapacity: 3 }],
  logExports: ['EnableCloudwatchLogsExports', kept.logExports],
  hasIamSignIn: ['EnableIAMDatabaseAuthentication', kept.hasIamSignIn],
  copiesTagsToSnapshots: ['CopyTagsToSnapshot', kept.copiesTagsToSnapshots],
  backtrack: ['BacktrackWindow', 999],
  networkType: ['NetworkType', networkType],
  lifecycleSupport: ['EngineLifecycleSupport', lifecycleSupport],
  isProtected: ['DeletionProtection', null],
  backupWindow: ['PreferredBackupWindow', kept.backupWindow],
  // Which tags a cluster gets is decided before the request, and every one has some.
  tags: null,
  maintenanceWindow: ['PreferredMaintenanceWindow', null],
  roles: ['AssociatedRoles', null],
  customEndpoints: null,
  masterSecret: ['ManageMasterUserPassword', null],
  globalCluster: ['GlobalClusterIdentifier', null],
  hasHttpEndpoint: ['EnableHttpEndpoint', null],
  hasLocalWriteForwarding: ['EnableLocalWriteForwarding', null],
  activityStream: null,
  domain: ['Domain', null],
  autoscaling: null,
  proxies: null,
};
const instanceWords: Record<keyof typeof carriedByInstances, [string, unknown]> = {
  instanceClass: ['DBInstanceClass', 'db.r8g.large'],
  parameterGroup: ['DBParameterGroupName', 'app'],
  promotionTier: ['PromotionTier', 7],
  monitoring: ['MonitoringInterval', null],
  insights: ['EnablePerformanceInsights', null],
  hasMinorUpgrades: ['AutoMinorVersionUpgrade', null],
  isPublic: ['PubliclyAccessible', null],
  maintenanceWindow: ['PreferredMaintenanceWindow', null],
  certificateAuthority: ['CACertificateIdentifier', null],
};

const wanted = (gets: Gets, value: unknown): unknown =>
  gets === 'carried' ? value : 'is' in gets ? gets.is : undefined;

describe.each(['kept', 'tornDown'] as const)('a cluster that is %s', (fate) => {
  test('each setting of the list: as the source has it, at our value, or left out', async () => {
    rds.on(RestoreDBClusterToPointInTimeCommand).resolves({});
    await aurora.restoreAny({
      kind: 'point-in-time',
      source: 'prod',
      target: 'copy',
      restoreTo: '2026-11-19T02:13:00Z',
      port,
      subnetGroup,
      securityGroups,
      parameterGroup,
      capacity,
      inherited: { storageType, lifecycleSupport, networkType },
      ...(fate === 'kept' && { kept }),
      tags: {},
    });
    const input = { ...rds.commandCalls(RestoreDBClusterToPointInTimeCommand)[0]?.args[0].input } as Record<
      string,
      unknown
    >;
    for (const [name, gets] of Object.entries(carriedByClusters)) {
      const words = clusterWords[name as keyof typeof carriedByClusters];
      if (words !== null) expect([name, input[words[0]]]).toEqual([name, wanted(gets[fate], words[1])]);
    }
  });

  test('each setting of its instances likewise', async () => {
    rds.on(CreateDBInstanceCommand).resolves({});
    await aurora.addWriter({
      cluster: 'copy',
      identifier: 'copy-writer',
      engine: 'aurora-mysql',
      instanceClass: 'db.r8g.large',
      parameterGroup: 'app',
      ...(fate === 'kept' && { promotionTier: 7 }),
      tags: {},
    });
    const input = { ...rds.commandCalls(CreateDBInstanceCommand)[0]?.args[0].input } as Record<
      string,
      unknown
    >;
    for (const [name, gets] of Object.entries(carriedByInstances)) {
      const [word, value] = instanceWords[name as keyof typeof carriedByInstances];
      expect([name, input[word]]).toEqual([name, wanted(gets[fate], value)]);
    }
  });
});
