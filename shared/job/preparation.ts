import type { Cluster, Instance } from '../aurora/port.ts';
import { classifyClusterStatus } from '../aurora/statuses.ts';
import { DrillError } from '../errors.ts';
import { isAfter } from '../instants.ts';
import type { RestoreSettings } from './state.ts';

/** What a job decides from its plan and its source before it makes anything. */

const engines = ['aurora-postgresql', 'aurora-mysql'];

/** @throws DrillError NotSupported for another engine, SourceNotRestorable in a status that allows no restore */
export const assertDrillable = (source: Cluster): void => {
  if (!engines.includes(source.engine)) {
    throw new DrillError(
      'NotSupported',
      `${source.identifier} runs ${source.engine}, and drills are made for ${engines.join(' and ')}`,
    );
  }
  const { readiness, reason } = classifyClusterStatus(source.status);
  if (readiness === 'failed')
    throw new DrillError('SourceNotRestorable', `source ${source.identifier}: ${reason}`);
};

/** @throws DrillError SourceNotRestorable when there is none */
export const readRestorableWindow = (source: Cluster): { earliest: string; latest: string } => {
  const { earliestRestorableTime: earliest, latestRestorableTime: latest } = source;
  if (earliest === null || latest === null) {
    throw new DrillError(
      'SourceNotRestorable',
      `source ${source.identifier} has no restorable window: its backups are off, or its own restore goes on`,
    );
  }
  return { earliest, latest };
};

/** @throws DrillError RestoreTimeOutsideWindow */
export const assertInsideWindow = (restoreTo: string, earliest: string, latest: string): void => {
  if (!isAfter(earliest, restoreTo) && isAfter(latest, restoreTo)) return;
  throw new DrillError(
    'RestoreTimeOutsideWindow',
    `restoreTo ${restoreTo} is ${isAfter(earliest, restoreTo) ? 'before' : 'after'} the restorable window, which is ${earliest} to ${latest}`,
  );
};

/** What a plan says of the copy; what it leaves out is taken from the source. */
type Wishes = { [Setting in keyof RestoreSettings]?: RestoreSettings[Setting] | undefined };

/** RDS gives an omitted setting its own default, not the source's, so everything is said outright (aurora-pitr). */
export const completeFromSource = (
  { restore }: { restore: Wishes },
  source: Cluster,
  instances: Instance[],
): RestoreSettings => {
  const writer = instances.find(({ identifier }) => identifier === source.writer) ?? instances[0];
  const instanceClass = restore.instanceClass ?? writer?.instanceClass;
  if (instanceClass === undefined) {
    throw new DrillError(
      'InvalidPlan',
      `restore.instanceClass is missing, and source ${source.identifier} has no instance to take it from`,
    );
  }
  return {
    port: restore.port ?? source.port,
    subnetGroup: restore.subnetGroup ?? source.subnetGroup,
    securityGroups: restore.securityGroups ?? source.securityGroups,
    clusterParameterGroup: restore.clusterParameterGroup ?? source.parameterGroup,
    instanceParameterGroup: restore.instanceParameterGroup ?? writer?.parameterGroup ?? null,
    instanceClass,
    capacity: restore.capacity ?? source.capacity,
  };
};
