import type { ClusterSettingName } from '../aurora/carried.ts';
import type { ClusterSettings } from '../aurora/settings.ts';
import { type Described, type ShownSetting, showList, showOn } from './setting.ts';
import { arnOf, autoscaling, modifyCluster, onOff, quote, rds } from './setting-commands.ts';

/** One that RDS is told once the cluster is there. */
const later = (
  label: string,
  show: (settings: ClusterSettings) => string | null,
  command: (settings: Partial<ClusterSettings>, target: string, source: string) => string,
): ShownSetting => ({
  label,
  show: ({ cluster: { settings } }: Described) => (settings === undefined ? null : show(settings)),
  command: ({ cluster }, target) => command(cluster.settings ?? {}, target, cluster.identifier),
});

const none = 'none';

/** The name that an endpoint was given: the first part of its address. */
const nameOf = (endpoint: string): string => endpoint.split('.')[0] ?? endpoint;

/** An endpoint's name is taken as long as the source stands. */
const newName = (endpoint: string): string => `${nameOf(endpoint)}-recovered`;

/** What is not in the request that makes a cluster: each with the command that sets it afterwards. */
export const laterSettings = {
  maintenanceWindow: later(
    'maintenance window, UTC',
    ({ maintenanceWindow }) => maintenanceWindow,
    ({ maintenanceWindow }, target) =>
      modifyCluster(target, '--preferred-maintenance-window', maintenanceWindow ?? 'WINDOW'),
  ),
  roles: later(
    'IAM roles',
    ({ roles }) =>
      showList(roles?.map(({ arn, feature }) => (feature === null ? arn : `${arn} for ${feature}`)) ?? []),
    ({ roles }, target) =>
      (roles ?? [{ arn: 'ROLE', feature: null }])
        .map(({ arn, feature }) => {
          const options = feature === null ? [] : ['--feature-name', feature];
          return rds(
            'add-role-to-db-cluster',
            '--db-cluster-identifier',
            target,
            '--role-arn',
            arn,
            ...options,
          );
        })
        .join('\n'),
  ),
  customEndpoints: later(
    'custom endpoints',
    ({ customEndpoints }) =>
      showList(customEndpoints?.map((one) => nameOf(one).replace(/-recovered$/, '')) ?? []),
    ({ customEndpoints }, target, source) =>
      [
        rds('describe-db-cluster-endpoints', '--db-cluster-identifier', source),
        ...(customEndpoints ?? ['NAME']).map((endpoint) =>
          rds(
            'create-db-cluster-endpoint',
            '--db-cluster-identifier',
            target,
            '--db-cluster-endpoint-identifier',
            newName(endpoint),
            '--endpoint-type',
            'READER',
          ),
        ),
      ].join('\n'),
  ),
  masterSecret: later(
    'master password in Secrets Manager',
    ({ masterSecret }) => (masterSecret === null ? none : 'managed by RDS'),
    (_, target) => modifyCluster(target, '--manage-master-user-password'),
  ),
  globalCluster: later(
    'Global Database',
    ({ globalCluster }) => globalCluster ?? none,
    ({ globalCluster }, target) =>
      `${rds('create-global-cluster', '--global-cluster-identifier', `${globalCluster ?? 'GLOBAL'}-recovered`)} --source-db-cluster-identifier ${arnOf(target)}`,
  ),
  hasHttpEndpoint: later(
    'Data API',
    ({ hasHttpEndpoint }) => showOn(hasHttpEndpoint),
    ({ hasHttpEndpoint }, target) =>
      `aws rds ${hasHttpEndpoint === false ? 'disable' : 'enable'}-http-endpoint --resource-arn ${arnOf(target)}`,
  ),
  hasLocalWriteForwarding: later(
    'local write forwarding',
    ({ hasLocalWriteForwarding }) => showOn(hasLocalWriteForwarding),
    ({ hasLocalWriteForwarding }, target) =>
      modifyCluster(target, onOff('enable-local-write-forwarding', hasLocalWriteForwarding ?? true)),
  ),
  activityStream: later(
    'activity stream',
    ({ activityStream }) =>
      activityStream === null ? none : `${activityStream.mode}, ${activityStream.kmsKey}`,
    ({ activityStream }, target) =>
      `aws rds start-activity-stream --resource-arn ${arnOf(target)} --mode ${quote(activityStream?.mode ?? 'MODE')} --kms-key-id ${quote(activityStream?.kmsKey ?? 'KEY')} --apply-immediately`,
  ),
  domain: later(
    'directory',
    ({ domain }) => (domain === null ? none : `${domain.id} by ${domain.role}`),
    ({ domain }, target) =>
      modifyCluster(
        target,
        '--domain',
        domain?.id ?? 'DIRECTORY',
        '--domain-iam-role-name',
        domain?.role ?? 'ROLE',
      ),
  ),
  autoscaling: later(
    'autoscaling of readers',
    () => null,
    (_, target, source) =>
      [
        autoscaling('describe-scalable-targets', '--resource-ids', `cluster:${source}`),
        autoscaling('describe-scaling-policies', '--resource-id', `cluster:${source}`),
        autoscaling(
          'register-scalable-target',
          '--scalable-dimension',
          'rds:cluster:ReadReplicaCount',
          '--resource-id',
          `cluster:${target}`,
          '--min-capacity',
          'MIN',
          '--max-capacity',
          'MAX',
        ),
      ].join('\n'),
  ),
  proxies: later(
    'targets of RDS Proxy',
    () => null,
    // A proxy leads to one cluster: to register this one is to switch.
    (_, target) =>
      `${rds('describe-db-proxies')}\n# a proxy leads to one cluster: to lead it to ${target} is one way to switch`,
  ),
} satisfies { [Name in ClusterSettingName]?: ShownSetting };
