import type { Unreadable } from '../aurora/port.ts';
import type { Finding } from './finding.ts';

/** Public and versioned: posture.json, what every monitored cluster came to. The same facts give the same text. */
export type PostureDocument = {
  schema: 'aurora-drills/posture/1';
  region: string;
  /** ISO 8601. */
  checkedAt: string;
  /** Worst first, then by name. */
  clusters: ClusterPosture[];
  /** Clusters that could not be listed at all. */
  unreadable: Unreadable[];
};

/** One finding of each rule, in the order of the rules. */
export type ClusterPosture = { cluster: string; engine: string; plans: string[]; findings: Finding[] };
