import type { Backtrack } from '../aurora/backtracks.ts';
import type { CopyKind, Snapshot } from '../aurora/port.ts';

/** What was seen of a source and its backups before anything is made. Instants: ISO 8601, UTC. */
export type RecoveryFacts = {
  source: RecoverySource;
  /** The time asked for, whole seconds; null for the latest. */
  restoreTo: string | null;
  /** Of the source, or of its retained backups if it was deleted. Null: none. */
  window: { earliest: string; latest: string } | null;
  /** Of this source, in any status and order. */
  snapshots: readonly Snapshot[];
  backtrack: Backtrack | null;
  /** How many more the account may have. Null: not known. */
  left: { clusters: number | null; instances: number | null };
  /** Writer and readers. */
  wantedInstances: number;
  /** Clusters that share storage with the source, by its clone group, itself left out. Null: not known. */
  clones: number | null;
  sideEffects: SideEffectFacts;
  /** What restores of this plan took, from the history. */
  measured: Measured;
  hourly: HourlyCost | null;
};

export type RecoverySource = {
  identifier: string;
  /** Retained backups of a deleted cluster are found by this. */
  resourceId: string | null;
  engine: string;
  engineVersion: string;
  /** RDS's own word. Null: the cluster was deleted. */
  status: string | null;
};

/** `refusal`: why no copy may be made; null if one may. `doubt`: what may act in it all the same, empty if nothing. */
export type SideEffectFacts = { refusal: string | null; doubt: string };

/** The middle of what the last drills that passed took until the writer answered, by the kind of their copy. */
export type Measured = Partial<Record<CopyKind, { minutes: number; drills: number }>>;

/** What the recovered cluster costs an hour: its instances, and storage of its own. Null instances: no price is known. */
export type HourlyCost = {
  instances: { low: number; high: number } | null;
  storage: number;
  currency: string;
};
