import { setTimeout as sleep } from 'node:timers/promises';
import type { Aurora, Cluster, Snapshot } from '../../shared/aurora/port.ts';
import type { Source } from '../sources/source.ts';
import { automatedSnapshot, manualSnapshot } from './descriptions.ts';
import { assertStatus, refusal } from './refusal.ts';

type Verbs = Pick<
  Aurora,
  'listSnapshots' | 'listManualSnapshots' | 'findSnapshot' | 'takeSnapshot' | 'deleteSnapshot'
>;

export type Snapshots = Verbs & {
  /** When it was taken; undefined when there is none. @throws DrillError InvalidClusterState when it is not available */
  findTime(what: string, identifier: string): string | undefined;
};

export type SnapshotsOptions = {
  source: Pick<Source, 'snapshotTimes' | 'takeSnapshot'>;
  /** The source's description now. */
  describe: () => Cluster;
  /** The least time of a creation or deletion, in milliseconds. */
  pendingMs: number;
  onEvent: (text: string) => void;
};

/** The snapshots of the source. Restored clusters are never backed up here. */
export const createSnapshots = ({ source, describe, pendingMs, onEvent }: SnapshotsOptions): Snapshots => {
  const manual = new Map<string, Snapshot>();
  const manualTimes = new Set<string>();
  let work: Promise<void> = Promise.resolve();

  const listAutomated = (): Snapshot[] =>
    source.snapshotTimes.filter((at) => !manualTimes.has(at)).map((at) => automatedSnapshot(describe(), at));

  /** One after the other, as each is named after those before it. */
  const make = async (snapshot: Snapshot): Promise<void> => {
    try {
      const [takenAt] = await Promise.all([source.takeSnapshot(), sleep(pendingMs)]);
      manualTimes.add(takenAt);
      Object.assign(snapshot, { status: 'available', createdAt: takenAt });
    } catch (error) {
      snapshot.status = 'failed';
      onEvent(`${snapshot.identifier}: ${(error as Error).message}`);
    }
  };

  const assertNotBusy = (what: string, { identifier, status }: Snapshot): void => {
    if (status !== 'creating' && status !== 'deleting') return;
    throw refusal(what, 'InvalidDBClusterSnapshotStateFault', `snapshot ${identifier} is ${status}`);
  };

  return {
    listSnapshots: async function* (identifiers) {
      if (identifiers.includes(describe().identifier))
        yield structuredClone([...listAutomated(), ...manual.values()]);
    },

    listManualSnapshots: async function* () {
      yield structuredClone([...manual.values()]);
    },

    findSnapshot: async (identifier) => structuredClone(manual.get(identifier)),

    takeSnapshot: async (request) => {
      const what = `take snapshot ${request.identifier} of ${request.cluster}`;
      const cluster = describe();
      if (request.cluster !== cluster.identifier) {
        throw refusal(what, 'DBClusterNotFoundFault', `DBCluster ${request.cluster} not found`);
      }
      assertStatus(what, cluster, 'available');
      if (manual.has(request.identifier)) {
        throw refusal(
          what,
          'DBClusterSnapshotAlreadyExistsFault',
          `DBClusterSnapshot ${request.identifier} already exists`,
        );
      }
      const snapshot = manualSnapshot(cluster, request);
      manual.set(request.identifier, snapshot);
      work = work.then(() => make(snapshot));
    },

    deleteSnapshot: async (identifier) => {
      const what = `delete snapshot ${identifier}`;
      const snapshot = manual.get(identifier);
      if (snapshot === undefined) {
        throw refusal(what, 'DBClusterSnapshotNotFoundFault', `DBClusterSnapshot ${identifier} not found`);
      }
      assertNotBusy(what, snapshot);
      snapshot.status = 'deleting';
      void sleep(pendingMs).then(() => manual.delete(identifier));
    },

    findTime: (what, identifier) => {
      const taken = manual.get(identifier);
      if (taken !== undefined) assertNotBusy(what, taken);
      // Two snapshots of one minute share a name. The newest is meant.
      const found = taken ?? listAutomated().findLast((one) => one.identifier === identifier);
      return found?.createdAt ?? undefined;
    },
  };
};
