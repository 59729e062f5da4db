/** What the port to Aurora says of rewinds. Instants are ISO 8601 in UTC. */

export type BacktrackVerbs = {
  /** All rewinds of a cluster that has Backtrack, in no order. */
  listBacktracks(clusterIdentifier: string): Promise<Backtracking[]>;
  listClusterEvents(request: EventsRequest): Promise<ClusterEvent[]>;
  /** Every Blue/Green deployment of the Region. */
  listBlueGreens(): Promise<BlueGreen[]>;
  /** Starts a rewind. Nothing makes it safe to repeat: after a lost answer, look before you ask again. */
  backtrackCluster(request: BacktrackRequest): Promise<Backtracking>;
};

/** How far back the cluster should be able to go, and the earliest instant it can really go back to. */
export type Backtrack = { targetSeconds: number; earliestTime: string | null };

/**
 * One rewind of a cluster, whoever asked for it. `to`: the time it goes back to, which Aurora moves to the nearest consistent
 * one. `from`: the time it went back from, null while RDS does not say. `status` is RDS's own word, sorted by statuses.ts.
 */
export type Backtracking = {
  identifier: string;
  to: string;
  from: string | null;
  requestedAt: string;
  status: string;
};

/** The same, of which cluster. */
export type SeenRewind = Backtracking & { cluster: string };

/** `to`: whole seconds, inside the cluster's Backtrack window. */
export type BacktrackRequest = { cluster: string; to: string };

/** `from`: 14 days ago at most. */
export type EventsRequest = { cluster: string; from: string; to: string };

/** Something that happened to a cluster, in RDS's words: DescribeEvents does not answer the ids of events. */
export type ClusterEvent = { at: string; message: string };

/** A Blue/Green deployment, with the identifiers of its clusters; null where it has none, or not yet. */
export type BlueGreen = { identifier: string; source: string | null; target: string | null; status: string };
