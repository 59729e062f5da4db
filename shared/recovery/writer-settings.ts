import type { Instance } from '../aurora/port.ts';
import type { InstanceSettings } from '../aurora/settings.ts';
import { type CarriedSetting, type InstanceSettingName, showOn } from './setting.ts';
import { modifyInstance, onOff } from './setting-commands.ts';

/** A setting of the writer. Without a writer nothing is known. */
const ofWriter = (
  label: string,
  show: (writer: Instance) => string | null,
  options: (writer: Instance | undefined) => string[],
  isPassed: boolean,
): CarriedSetting => ({
  label: `writer: ${label}`,
  show: ({ writer }) => (writer === undefined ? null : show(writer)),
  isPassed,
  command: ({ writer }, target) => modifyInstance(`${target}-writer`, ...options(writer)),
});

const passed = (
  label: string,
  show: (writer: Instance) => string | null,
  options: (writer: Instance | undefined) => string[],
): CarriedSetting => ofWriter(label, show, options, true);

/** One that the request leaves out: with some of them a restore was refused. */
const later = (
  label: string,
  show: (settings: InstanceSettings) => string | null,
  options: (settings: Partial<InstanceSettings>) => string[],
): CarriedSetting =>
  ofWriter(
    label,
    ({ settings }) => (settings === undefined ? null : show(settings)),
    (writer) => options(writer?.settings ?? {}),
    false,
  );

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

/** Settings of the writer: an instance is made after its cluster, by a request of its own. */
export const writerSettings: { [Name in InstanceSettingName]: CarriedSetting } = {
  instanceClass: passed(
    'class',
    ({ instanceClass }) => instanceClass,
    (writer) => ['--db-instance-class', writer?.instanceClass ?? 'CLASS'],
  ),
  parameterGroup: passed(
    'parameter group',
    ({ parameterGroup }) => parameterGroup,
    (writer) => ['--db-parameter-group-name', writer?.parameterGroup ?? 'GROUP'],
  ),
  promotionTier: passed(
    'promotion tier',
    ({ settings }) => settings?.promotionTier?.toString() ?? null,
    (writer) => ['--promotion-tier', `${writer?.settings?.promotionTier ?? 'TIER'}`],
  ),
  monitoring: later(
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
  insights: later(
    'Performance Insights',
    ({ insights }) => (insights === null ? 'off' : showInsights(insights)),
    ({ insights }) => insightsOptions(insights),
  ),
  hasMinorUpgrades: later(
    'minor upgrades by themselves',
    ({ hasMinorUpgrades }) => showOn(hasMinorUpgrades),
    ({ hasMinorUpgrades }) => [onOff('auto-minor-version-upgrade', hasMinorUpgrades ?? true)],
  ),
  isPublic: later(
    'public address',
    ({ isPublic }) => showOn(isPublic),
    ({ isPublic }) => [onOff('publicly-accessible', isPublic ?? false)],
  ),
  maintenanceWindow: later(
    'maintenance window, UTC',
    ({ maintenanceWindow }) => maintenanceWindow,
    ({ maintenanceWindow }) => ['--preferred-maintenance-window', maintenanceWindow ?? 'WINDOW'],
  ),
  certificateAuthority: later(
    'certificate authority',
    ({ certificateAuthority }) => certificateAuthority,
    ({ certificateAuthority }) => ['--ca-certificate-identifier', certificateAuthority ?? 'AUTHORITY'],
  ),
};
