import type { Instance, Snapshot, Unreadable } from './port.ts';

/** What the port to Aurora says of a whole Region, to those who look at all of it. */
export type RegionVerbs = {
  /** All Aurora instances of the Region, page by page, in no order. */
  listRegionInstances(): AsyncIterable<InstanceList>;
  /** Snapshots that anybody may restore, of clusters that have these identifiers in any account, page by page, in no order. */
  listPublicSnapshots(clusterIdentifiers: readonly string[]): AsyncIterable<Snapshot[]>;
};

/** `unreadable` names the clusters that have an instance whose description lacks a member that is needed. */
export type InstanceList = { instances: Instance[]; unreadable: Unreadable[] };
