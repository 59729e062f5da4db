import type { Cluster, Parameter } from '../aurora/port.ts';
import { rds } from '../recovery/setting-commands.ts';
import type { Mend } from './finding.ts';
import { byHand, inRegionOf, modify, paste } from './mend.ts';
import { findOldValues, hold, judgeKnown, judgeTold, notApplicable, type Rule, unreadable } from './rule.ts';

/** What is written down of what happens in the cluster. */

/** What an investigation needs. Slow and general queries are for tuning, and may hold rows. */
const neededLogs = new Map([
  ['aurora-mysql', ['audit', 'error']],
  ['aurora-postgresql', ['postgresql']],
]);

export const judgeLogExports: Rule = ({ cluster }) => {
  const needed = neededLogs.get(cluster.engine);
  if (needed === undefined) return notApplicable(noRuleFor(cluster));
  return judgeTold(cluster.settings, 'which logs it exports', ({ logExports }) => {
    // RDS leaves the list out where there is none.
    const exported = logExports ?? [];
    const missing = needed.filter((log) => !exported.includes(log));
    return hold(missing.length === 0, {
      expected: needed.join(' and '),
      seen: exported.length === 0 ? 'none' : exported.toSorted().join(', '),
      mend: () =>
        modify(
          cluster,
          ['--cloudwatch-logs-export-configuration', JSON.stringify({ EnableLogTypes: missing })],
          'CloudWatch Logs costs by what it takes in and keeps',
        ),
    });
  });
};

export const judgeAuditLogging: Rule = ({ cluster, parameters }) => {
  const audit = audits.get(cluster.engine);
  if (audit === undefined) return notApplicable(noRuleFor(cluster));
  return judgeKnown(parameters, (all) => {
    const values = toValues(all);
    const isTold = Object.hasOwn(values, audit.tells);
    if (!isTold) return unreadable(`its cluster parameter group does not tell ${audit.tells}`);
    const wrong = audit.listWrong(values);
    const old = audit.needsReboot ? findOldValues(cluster) : null;
    if (wrong.length === 0 && old !== null) return unreadable(old);
    return hold(wrong.length === 0, {
      expected: audit.expected,
      seen:
        wrong.length === 0
          ? 'as expected'
          : wrong.map(({ name }) => describeValue(name, values[name])).join(', '),
      mend: () => setParameters(cluster, wrong, audit.note),
    });
  });
};

const describeValue = (name: string, value: string | undefined): string =>
  value === undefined ? `${name} not set` : `${name} = ${value}`;

const noRuleFor = ({ engine }: Cluster): string => `there is no rule for the engine ${engine}`;

/** A value that a parameter should have. */
type Wrong = { name: string; value: string; needsReboot: boolean };

/** `tells`: a parameter that RDS always shows. Where it is missing, nothing is known. `needsReboot`: before it takes effect. */
type Audit = {
  tells: string;
  needsReboot: boolean;
  expected: string;
  listWrong: (values: Record<string, string>) => Wrong[];
  note: string | null;
};

const isOn = (value: string | undefined): boolean => ['1', 'on'].includes(value?.toLowerCase() ?? '');
const isSet = (value: string | undefined): boolean =>
  !['', 'none'].includes(value?.trim().toLowerCase() ?? '');

/** Aurora User Guide, "Using Advanced Auditing" and "Using pgAudit": without events, or without classes, nothing is written. */
const audits = new Map<string, Audit>([
  [
    'aurora-mysql',
    {
      tells: 'server_audit_logging',
      needsReboot: false,
      expected: 'server_audit_logging on, with server_audit_events',
      listWrong: (values) => [
        ...(isOn(values.server_audit_logging)
          ? []
          : [{ name: 'server_audit_logging', value: '1', needsReboot: false }]),
        ...(isSet(values.server_audit_events)
          ? []
          : [{ name: 'server_audit_events', value: 'CONNECT,QUERY_DCL,QUERY_DDL', needsReboot: false }]),
      ],
      note: null,
    },
  ],
  [
    'aurora-postgresql',
    {
      tells: 'shared_preload_libraries',
      needsReboot: true,
      expected: 'pgaudit in shared_preload_libraries, with pgaudit.log or pgaudit.role',
      listWrong: (values) => {
        const libraries = (values.shared_preload_libraries ?? '').split(',').map((one) => one.trim());
        const audited = isSet(values['pgaudit.log']) || isSet(values['pgaudit.role']);
        return [
          ...(libraries.includes('pgaudit')
            ? []
            : [
                {
                  name: 'shared_preload_libraries',
                  value: [...libraries.filter((one) => one !== ''), 'pgaudit'].join(','),
                  needsReboot: true,
                },
              ]),
          ...(audited ? [] : [{ name: 'pgaudit.log', value: 'ddl,role', needsReboot: false }]),
        ];
      },
      note: 'where shared_preload_libraries is new, reboot its instances, then run create extension pgaudit in each database',
    },
  ],
]);

const toValues = (parameters: readonly Parameter[]): Record<string, string> =>
  Object.fromEntries(parameters.map(({ name, value }) => [name, value]));

const setParameters = (cluster: Cluster, wrong: readonly Wrong[], note: string | null): Mend => {
  const { parameterGroup } = cluster;
  const settings = wrong.map(({ name, value }) => `${name} = ${value}`).join(', ');
  // RDS lets nobody modify a default group.
  if (parameterGroup === null || parameterGroup.startsWith('default.'))
    return byHand(
      [`give it a cluster parameter group of its own, with ${settings}`, note].filter(Boolean).join('; '),
    );
  return paste(
    [
      rds(
        'modify-db-cluster-parameter-group',
        '--db-cluster-parameter-group-name',
        parameterGroup,
        '--parameters',
        JSON.stringify(
          wrong.map(({ name, value, needsReboot }) => ({
            ParameterName: name,
            ParameterValue: value,
            ApplyMethod: needsReboot ? 'pending-reboot' : 'immediate',
          })),
        ),
        ...inRegionOf(cluster),
      ),
    ],
    [`this counts for every cluster with the group ${parameterGroup}`, note].filter(Boolean).join('; '),
  );
};
