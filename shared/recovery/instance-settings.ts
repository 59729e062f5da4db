import type { InstanceSettingName } from '../aurora/carried.ts';
import type { Instance } from '../aurora/port.ts';
import type { InstanceSettings } from '../aurora/settings.ts';
import { showOn } from './setting.ts';
import { onOff } from './setting-commands.ts';

/** A setting of an instance: an instance is made after its cluster, by a request of its own. */
export type ShownInstanceSetting = {
  label: string;
  /** As people read it. Null: RDS does not say. */
  show: (instance: Instance) => string | null;
  /** That set it afterwards, as the source's instance has it, as far as that is known. */
  options: (instance: Instance | undefined) => string[];
};

const ofSettings = (
  label: string,
  show: (settings: InstanceSettings) => string | null,
  options: (settings: Partial<InstanceSettings>) => string[],
): ShownInstanceSetting => ({
  label,
  show: ({ settings }) => (settings === undefined ? null : show(settings)),
  options: (instance) => options(instance?.settings ?? {}),
});

const showInsights = ({ mode, retentionDays, kmsKey }: NonNullable<InstanceSettings['insights']>): string =>
  [
    mode ?? 'on',
    ...(retentionDays === null ? [] : [`${retentionDays} days`]),
    ...(kmsKey === null ? [] : [kmsKey]),
  ].join(', ');

const insightsOptions = (insights: InstanceSettings['insights'] | undefined): string[] => {
  if (insights === null) return ['--no-enable-performance-insights'];
  const { mode = null, retentionDays = null, kmsKey = null } = insights ?? {};
  return [
    '--enable-performance-insights',
    ...(retentionDays === null ? [] : ['--performance-insights-retention-period', String(retentionDays)]),
    ...(kmsKey === null ? [] : ['--performance-insights-kms-key-id', kmsKey]),
    ...(mode === null ? [] : ['--database-insights-mode', mode]),
  ];
};

export const instanceSettings: { [Name in InstanceSettingName]: ShownInstanceSetting } = {
  instanceClass: {
    label: 'class',
    show: ({ instanceClass }) => instanceClass,
    options: (instance) => ['--db-instance-class', instance?.instanceClass ?? 'CLASS'],
  },
  parameterGroup: {
    label: 'parameter group',
    show: ({ parameterGroup }) => parameterGroup,
    options: (instance) => ['--db-parameter-group-name', instance?.parameterGroup ?? 'GROUP'],
  },
  promotionTier: ofSettings(
    'promotion tier',
    ({ promotionTier }) => promotionTier?.toString() ?? null,
    ({ promotionTier }) => ['--promotion-tier', `${promotionTier ?? 'TIER'}`],
  ),
  monitoring: ofSettings(
    'Enhanced Monitoring',
    ({ monitoring }) => (monitoring === null ? 'off' : `every ${monitoring.seconds} s by ${monitoring.role}`),
    ({ monitoring }) =>
      monitoring === null
        ? ['--monitoring-interval', '0']
        : [
            '--monitoring-interval',
            `${monitoring?.seconds ?? 'SECONDS'}`,
            '--monitoring-role-arn',
            monitoring?.role ?? 'ROLE',
          ],
  ),
  insights: ofSettings(
    'Performance Insights',
    ({ insights }) => (insights === null ? 'off' : showInsights(insights)),
    ({ insights }) => insightsOptions(insights),
  ),
  hasMinorUpgrades: ofSettings(
    'minor upgrades by themselves',
    ({ hasMinorUpgrades }) => showOn(hasMinorUpgrades),
    ({ hasMinorUpgrades }) => [onOff('auto-minor-version-upgrade', hasMinorUpgrades ?? true)],
  ),
  isPublic: ofSettings(
    'public address',
    ({ isPublic }) => showOn(isPublic),
    ({ isPublic }) => [onOff('publicly-accessible', isPublic ?? false)],
  ),
  maintenanceWindow: ofSettings(
    'maintenance window, UTC',
    ({ maintenanceWindow }) => maintenanceWindow,
    ({ maintenanceWindow }) => ['--preferred-maintenance-window', maintenanceWindow ?? 'WINDOW'],
  ),
  certificateAuthority: ofSettings(
    'certificate authority',
    ({ certificateAuthority }) => certificateAuthority,
    ({ certificateAuthority }) => ['--ca-certificate-identifier', certificateAuthority ?? 'AUTHORITY'],
  ),
};
