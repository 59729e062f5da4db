import type { SnapshotKind } from '../aurora/snapshots.ts';
import type { Plan } from '../plan/plans.ts';
import { defaultPosture, type PostureSettings } from '../plan/posture-settings.ts';

/** What is asked of a cluster. `from`: the plan that says so; null: nobody does, and it is held to the defaults. */
export type Wanted = {
  settings: PostureSettings;
  from: string | null;
  /** Those that drill it, by name. */
  plans: Record<string, Plan>;
  /** The kinds of snapshots that count as backups. */
  counted: readonly SnapshotKind[];
};

/** As config/deployment.yml has it. */
const usuallyCounted: readonly SnapshotKind[] = ['automated', 'aws-backup'];

/** Tells what the plans ask of a cluster, by its identifier. RDS ignores the case of identifiers. */
export const wantedOf = (
  plans: Record<string, Plan>,
  counted = usuallyCounted,
): ((cluster: string) => Wanted) => {
  const bySource = Map.groupBy(Object.entries(plans), ([, { source }]) => source.toLowerCase());
  return (cluster) => {
    const own = bySource.get(cluster.toLowerCase()) ?? [];
    // Plans of one source ask the same, or nothing: the plans file is refused otherwise.
    const [from = null, plan] = own.find(([, { posture }]) => posture !== undefined) ?? [];
    return { settings: plan?.posture ?? defaultPosture, from, plans: Object.fromEntries(own), counted };
  };
};
