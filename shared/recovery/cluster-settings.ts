import type { ClusterSettingName } from '../aurora/carried.ts';
import type { Capacity, Cluster } from '../aurora/port.ts';
import { listOwnTags } from './kept-settings.ts';
import { type ShownSetting, showList, showOn } from './setting.ts';
import { arnOf, modifyCluster, onOff, quote } from './setting-commands.ts';

/** A setting of the cluster itself, with the options that set it afterwards. */
const modified = (
  label: string,
  show: (cluster: Cluster) => string | null,
  options: (cluster: Cluster) => string[],
): ShownSetting => ({
  label,
  show: ({ cluster }) => show(cluster),
  command: ({ cluster }, target) => modifyCluster(target, ...options(cluster)),
});

const showTag = ([key, value]: [string, string]): string => `${key}=${value}`;

const fixed = (label: string, show: (cluster: Cluster) => string | null, why: string): ShownSetting => ({
  ...modified(label, show, () => []),
  command: () => `# ${why}`,
});

const showCapacity = ({ min, max, autoPauseSeconds }: Capacity): string =>
  `${min} to ${max}${autoPauseSeconds === undefined ? '' : `, paused after ${autoPauseSeconds} s`}`;

/** RDS leaves the storage type of Aurora Standard out. */
const standard = 'aurora';

/** What the request that makes a cluster takes. */
export const clusterSettings = {
  retentionDays: modified(
    'backup retention, days',
    ({ settings }) => settings?.retentionDays?.toString() ?? null,
    ({ settings }) => ['--backup-retention-period', `${settings?.retentionDays ?? 'DAYS'}`],
  ),
  parameterGroup: modified(
    'cluster parameter group',
    (cluster) => cluster.parameterGroup,
    (cluster) => ['--db-cluster-parameter-group-name', cluster.parameterGroup ?? 'GROUP'],
  ),
  port: modified(
    'port',
    ({ port }) => String(port),
    ({ port }) => ['--port', String(port)],
  ),
  securityGroups: modified(
    'security groups',
    ({ securityGroups }) => showList(securityGroups),
    ({ securityGroups }) => ['--vpc-security-group-ids', ...securityGroups],
  ),
  subnetGroup: fixed(
    'subnet group',
    ({ subnetGroup }) => subnetGroup,
    'the subnet group is fixed when a cluster is made',
  ),
  kmsKey: fixed(
    'KMS key',
    ({ settings }) => settings?.kmsKey ?? null,
    'the key is fixed when a cluster is made',
  ),
  storageType: modified(
    'storage type',
    ({ storageType }) => storageType ?? standard,
    ({ storageType }) => ['--storage-type', storageType ?? standard],
  ),
  capacity: modified(
    'serverless capacity, ACUs',
    ({ capacity }) => (capacity === null ? 'none' : showCapacity(capacity)),
    ({ capacity }) => [
      '--serverless-v2-scaling-configuration',
      [
        `MinCapacity=${capacity?.min ?? 'MIN'},MaxCapacity=${capacity?.max ?? 'MAX'}`,
        ...(capacity?.autoPauseSeconds === undefined
          ? []
          : [`SecondsUntilAutoPause=${capacity.autoPauseSeconds}`]),
      ].join(','),
    ],
  ),
  logExports: modified(
    'log exports',
    ({ settings }) => showList(settings?.logExports),
    ({ settings }) => [
      '--cloudwatch-logs-export-configuration',
      JSON.stringify({ EnableLogTypes: settings?.logExports ?? [] }),
    ],
  ),
  hasIamSignIn: modified(
    'sign-in with IAM',
    ({ settings }) => showOn(settings?.hasIamSignIn),
    ({ settings }) => [onOff('enable-iam-database-authentication', settings?.hasIamSignIn ?? true)],
  ),
  copiesTagsToSnapshots: modified(
    'tags go to snapshots',
    ({ settings }) => showOn(settings?.copiesTagsToSnapshots),
    ({ settings }) => [onOff('copy-tags-to-snapshot', settings?.copiesTagsToSnapshots ?? true)],
  ),
  backtrack: modified(
    'Backtrack window, seconds',
    ({ backtrack }) => (backtrack === null ? 'off' : String(backtrack.targetSeconds)),
    ({ backtrack }) => ['--backtrack-window', String(backtrack?.targetSeconds ?? 0)],
  ),
  networkType: modified(
    'network type',
    ({ networkType }) => networkType,
    ({ networkType }) => ['--network-type', networkType ?? 'TYPE'],
  ),
  lifecycleSupport: modified(
    'Extended Support',
    ({ lifecycleSupport }) => lifecycleSupport,
    ({ lifecycleSupport }) => ['--engine-lifecycle-support', lifecycleSupport ?? 'SUPPORT'],
  ),
  isProtected: {
    ...modified(
      'deletion protection',
      ({ isProtected }) => showOn(isProtected),
      () => ['--deletion-protection'],
    ),
    // On for every recovered cluster, whatever the source has.
    isKept: (_, { cluster }) => cluster.isProtected,
  },
  backupWindow: modified(
    'backup window, UTC',
    ({ settings }) => settings?.backupWindow ?? null,
    ({ settings }) => ['--preferred-backup-window', settings?.backupWindow ?? 'WINDOW'],
  ),
  tags: {
    label: 'tags',
    show: ({ cluster }) => showList(listOwnTags(cluster.tags).map(showTag)),
    isKept: (source, { cluster }) =>
      listOwnTags(source.cluster.tags).every(([key, value]) => cluster.tags[key] === value),
    command: ({ cluster }, target) => {
      const tags = listOwnTags(cluster.tags).map(([key, value]) => quote(`Key=${key},Value=${value}`));
      return `aws rds add-tags-to-resource --resource-name ${arnOf(target)} --tags ${tags.join(' ')}`;
    },
  },
} satisfies { [Name in ClusterSettingName]?: ShownSetting };
