import { collectFailure } from '../aurora/incomplete.ts';
import type { Aurora, Cluster, Snapshot, Unreadable } from '../aurora/port.ts';
import type { Executions } from '../job/executions.ts';
import type { Owner } from '../job/guard.ts';
import { drillPrefix, isOfDrill } from '../job/names.ts';
import type { RemovalVerbs } from './decision.ts';
import { type PassFacts, removeCluster, removeSnapshot } from './pass.ts';
import {
  decideByExecution,
  decideSnapshotSweep,
  decideSweep,
  type FinalDecision,
  type SweepDecision,
  type SweepScope,
} from './sweep-decision.ts';

export type SweepPorts = {
  aurora: Pick<Aurora, 'listClusters' | 'listManualSnapshots'> & RemovalVerbs;
  executions: Executions;
};

/** Of a cluster or a snapshot. `found` says what existed before anything was requested, and what RDS refused. */
type Finding = { cluster?: string; snapshot?: string; reason: string; found?: string };

/**
 * What a sweep found, each cluster and snapshot with its reason. `kept`: its drill is running. `removing`: it is being deleted, or in a
 * dry run would be. `reported`: it looks like a drill's, and people must judge. `failed`: the sweep could not handle it.
 * `left` counts those of drills that nobody needs. What is being deleted counts and costs until it is gone.
 */
export type Sweep = {
  isDryRun: boolean;
  left: number;
  kept: Finding[];
  removing: Finding[];
  reported: Finding[];
  failed: Unreadable[];
};

/**
 * Looks at every Aurora cluster and every manual snapshot of the Region once, and asks for the deletion of what drills left
 * behind. One that fails does not stop the others.
 * @throws DrillError when the clusters cannot be listed
 */
export const sweepOnce = async (scope: SweepScope, isDryRun: boolean, ports: SweepPorts): Promise<Sweep> => {
  const { clusters, unreadable } = await ports.aurora.listClusters();
  const failed = unreadable.filter(({ cluster }) => cluster.startsWith(drillPrefix));
  const sweep: Sweep = { isDryRun, left: 0, kept: [], removing: [], reported: [], failed };
  for (const cluster of clusters) {
    await collectFailure(cluster.identifier, failed, () => sweepCluster(cluster, scope, sweep, ports));
  }
  await collectFailure('the manual snapshots', failed, async () => {
    for await (const page of ports.aurora.listManualSnapshots()) {
      for (const snapshot of page) {
        await collectFailure(snapshot.identifier, failed, () => sweepSnapshot(snapshot, scope, sweep, ports));
      }
    }
  });
  return sweep;
};

const sweepCluster = async (
  cluster: Cluster,
  scope: SweepScope,
  sweep: Sweep,
  { aurora, executions }: SweepPorts,
): Promise<void> => {
  const decision = await lookUp(decideSweep(cluster, scope), cluster, executions);
  // A sweep never takes protection off, whatever verbs it is given.
  const { liftProtection: _, ...verbs } = aurora;
  await act(decision, { cluster: cluster.identifier }, sweep, isOfDrill(cluster), (owner) =>
    removeCluster(
      verbs,
      { owner, neverDeleted: scope.neverDeleted, takesSnapshot: false },
      factsAt(scope.now),
    ),
  );
};

/** Somebody may keep a snapshot of a copy, with the copy's tags: only one of a drill's own name counts as left. */
const sweepSnapshot = async (
  snapshot: Snapshot,
  scope: SweepScope,
  sweep: Sweep,
  { aurora, executions }: SweepPorts,
): Promise<void> => {
  const { identifier } = snapshot;
  const first = decideSnapshotSweep(snapshot, scope);
  const decision = await lookUp(first, { isProtected: false }, executions);
  await act(decision, { snapshot: identifier }, sweep, isOfDrill({ identifier, tags: {} }), (owner) =>
    removeSnapshot(aurora, { owner }, factsAt(scope.now)),
  );
};

const factsAt = (now: string): PassFacts => ({ mayAppear: false, madeAt: null, now });

/** @param isDrills what is only reported counts as left */
const act = async (
  decision: FinalDecision,
  name: Pick<Finding, 'cluster' | 'snapshot'>,
  sweep: Sweep,
  isDrills: boolean,
  remove: (owner: Owner) => Promise<{ reason: string }>,
): Promise<void> => {
  const finding = { ...name, reason: decision.reason };
  switch (decision.action) {
    case 'ignore':
      return;
    case 'keep':
      sweep.kept.push(finding);
      return;
    case 'report':
      sweep.reported.push(finding);
      if (isDrills) sweep.left += 1;
      return;
    case 'remove': {
      sweep.left += 1;
      const pass = sweep.isDryRun ? null : await remove(decision.owner);
      sweep.removing.push({ ...finding, ...(pass && { found: pass.reason }) });
      return;
    }
    default:
      decision satisfies never;
  }
};

const lookUp = async (
  decision: SweepDecision,
  found: Pick<Cluster, 'isProtected'>,
  executions: Executions,
): Promise<FinalDecision> => {
  if (decision.action !== 'look-up') return decision;
  return decideByExecution(found, decision.owner, await executions.findStatus(decision.owner.execution));
};
