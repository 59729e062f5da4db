import type { Cluster, CopyOrigin } from '../../shared/aurora/port.ts';
import { isAfter } from '../../shared/instants.ts';
import type { RestorePoint } from '../servers/cluster.ts';
import type { Source } from '../sources/source.ts';
import { assertStatus, refusal } from './refusal.ts';
import type { Snapshots } from './snapshots.ts';

/**
 * What a copy of the source will hold. A clone's point is fixed by this call.
 * @param cluster the source's description now
 * @param findTime when its snapshots were taken
 * @throws DrillError as RDS refuses what cannot be copied
 */
export const findPoint = async (
  what: string,
  origin: CopyOrigin,
  source: Pick<Source, 'markPlace'>,
  cluster: Cluster,
  findTime: Snapshots['findTime'],
): Promise<RestorePoint> => {
  if (origin.kind === 'snapshot') {
    const takenAt = findTime(what, origin.snapshot);
    if (takenAt !== undefined) return { kind: 'snapshot', takenAt };
    throw refusal(what, 'DBClusterSnapshotNotFoundFault', `DBClusterSnapshot ${origin.snapshot} not found`);
  }
  if (origin.source !== cluster.identifier) {
    throw refusal(what, 'DBClusterNotFoundFault', `DBCluster ${origin.source} not found`);
  }
  if (origin.kind === 'clone') {
    assertStatus(what, cluster, 'available');
    return { kind: 'clone', place: await source.markPlace() };
  }
  assertRestorable(what, origin.restoreTo, cluster);
  return { kind: 'point-in-time', restoreTo: origin.restoreTo };
};

/** The bounds of RestoreToTime, and RDS's answer beyond each. */
const assertRestorable = (what: string, restoreTo: string, source: Cluster): void => {
  const { earliestRestorableTime: earliest, latestRestorableTime: latest } = source;
  if (earliest === null || isAfter(earliest, restoreTo)) {
    throw refusal(what, 'InvalidParameterValue', `cannot be restored to a time earlier than ${earliest}`);
  }
  if (latest === null || !isAfter(latest, restoreTo)) {
    throw refusal(what, 'InvalidParameterValue', `cannot be restored to a time later than ${latest}`);
  }
};
