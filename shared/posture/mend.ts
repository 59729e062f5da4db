import type { Cluster } from '../aurora/port.ts';
import { modifyCluster } from '../recovery/setting-commands.ts';
import type { Mend } from './finding.ts';

/** What mends a failure: commands of AWS CLI 2, and what somebody should know before. */

/** Commands to be pasted together: a failed one keeps the later ones from running. */
export const paste = (commands: readonly string[], note: string | null = null): Mend => ({
  command: commands.join(' &&\n'),
  note,
});

/** Those that there are, in one; null where there is none. */
export const joinNotes = (notes: readonly (string | null)[]): string | null =>
  notes.filter((note) => note !== null).join('; ') || null;

/** Nothing mends it in place. */
export const byHand = (note: string): Mend => ({ command: null, note });

/** Null where its ARN is not known. */
export const regionOf = ({ arn }: Pick<Cluster, 'arn'>): string | null => arn?.split(':')[3] || null;

/** Options of a command that acts where the cluster is, whatever Region the shell has. */
export const inRegionOf = (cluster: Pick<Cluster, 'arn'>): string[] => {
  const region = regionOf(cluster);
  return region === null ? [] : ['--region', region];
};

/** Changes settings of the cluster at once. @param cost what else comes of it, in words */
export const modify = (cluster: Cluster, options: readonly string[], cost: string | null = null): Mend =>
  paste(
    [modifyCluster(cluster.identifier, ...options, ...inRegionOf(cluster))],
    joinNotes([cost, describeHaste(cluster), describeState(cluster)]),
  );

/** A change at once applies what is deferred along with it, and that may need downtime (Aurora User Guide, Aurora.Modifying). */
export const describeHaste = ({ pending = [] }: Cluster): string | null =>
  pending.length === 0
    ? null
    : `--apply-immediately also applies what waits for the maintenance window (${pending.join(', ')}), which may restart it`;

export const describeState = ({ status }: Cluster): string | null =>
  status === 'available' ? null : `it is ${status}, and RDS modifies only a cluster that is available`;
