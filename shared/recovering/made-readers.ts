import type { Instance } from '../aurora/port.ts';
import { secondsBetween } from '../instants.ts';
import type { PlannedReader } from '../recovery/readers.ts';
import type { ReaderPair } from '../recovery/settings-table.ts';
import type { UsedInstance } from '../result/use.ts';
import type { RecoveryPreparation, RecoveryState } from './state.ts';

/**
 * The readers that stand, or may: AddReaders makes one after the other, so some are there although it failed.
 * @param seen the instances of the recovered cluster in the end; null before, or if they could not be described
 */
export const listMadeReaders = (
  state: RecoveryState,
  seen: { instances: readonly Instance[] } | null,
): PlannedReader[] => {
  const { PrepareRecovery: job, AddReaders: added, failures } = state;
  if (job === undefined || (added === undefined && failures?.AddReaders === undefined)) return [];
  if (seen === null) return job.readers;
  const there = seen.instances.map(({ identifier }) => identifier);
  return job.readers.filter(({ identifier }) => there.includes(identifier));
};

/** Each reader of the source that has one like it among these instances. */
export const pairReaders = (
  { readers, seen }: RecoveryPreparation,
  made: readonly Instance[],
): ReaderPair[] =>
  readers.flatMap(({ identifier, like }) => {
    const source = seen.readers?.find((reader) => reader.identifier === like);
    const recovered = made.find((instance) => instance.identifier === identifier);
    return source === undefined || recovered === undefined ? [] : [{ source, recovered }];
  });

/** As the writer is counted: from when it was seen available, or else from the request for it. */
export const measureReader = (
  { PrepareRecovery: job, AddReaders: added, CheckReaders: check }: RecoveryState,
  { identifier, instanceClass }: PlannedReader,
  endedAt: string,
): UsedInstance => {
  const isSeenAvailable = check?.ready.includes(identifier) ?? false;
  const from = (isSeenAvailable ? check?.endedAt : added?.startedAt) ?? endedAt;
  return {
    class: instanceClass,
    capacity: instanceClass === 'db.serverless' ? (job?.restore.capacity ?? null) : null,
    minutes: Number((secondsBetween(from, endedAt) / 60).toFixed(2)),
    isSeenAvailable,
  };
};
