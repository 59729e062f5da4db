import type { Cluster, Instance, Parameter } from '../aurora/port.ts';
import type { SnapshotKind } from '../aurora/snapshots.ts';
import type { Known } from '../known.ts';

/** What is known of one cluster when its posture is judged. Instants: ISO 8601. */
export type PostureFacts = {
  cluster: Cluster;
  instances: Known<Instance[]>;
  /** Of its cluster parameter group, those that have a value. */
  parameters: Known<Parameter[]>;
  snapshots: Known<SnapshotFacts>;
  /** Null: no plan wants copies in another Region. */
  copies: Known<CopyFacts> | null;
  /** Of each plan that drills the cluster. Unknown where no history could be read. */
  proofs: Known<PlanProof[]>;
};

/** Of the account's own snapshots of this very cluster. */
export type SnapshotFacts = {
  /** When the newest usable one of each kind was taken. */
  newest: Partial<Record<SnapshotKind, string>>;
  /** Identifiers of those that anybody may restore. */
  public: string[];
  /** Identifiers of those that are not encrypted. */
  unencrypted: string[];
};

/**
 * `takenAt`: as old as what was copied; null when that cannot be known of any. `undated`: the last one made of those of which it
 * cannot: what they hold is older than they are.
 */
export type CopyFacts = {
  region: string;
  newest: { snapshot: string; takenAt: string | null } | null;
  undated?: { snapshot: string; copiedAt: string | null } | undefined;
};

/** What the drills of one plan have proven. */
export type PlanProof = {
  plan: string;
  /** When the last passed drill began. */
  lastPassed: string | null;
  tables: TableProof[];
  /** What would run in a copy, and what could not be seen, in words, as the last drill that asked was told; null: none has. */
  sideEffects: { seen: string[]; unknown: string[]; at: string } | null;
};

/** When each was last verified as a whole, whatever else that drill came to. Null: never. */
export type TableProof = { table: string; rows: string | null; values: string | null };
