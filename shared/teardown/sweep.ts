import { collectFailure } from '../aurora/incomplete.ts';
import type { Aurora, Cluster, Unreadable } from '../aurora/port.ts';
import type { Executions } from '../job/executions.ts';
import { drillPrefix, isOfDrill } from '../job/names.ts';
import type { RemovalVerbs } from './decision.ts';
import { removeOnce } from './pass.ts';
import { decideByExecution, decideSweep, type FinalDecision, type SweepScope } from './sweep-decision.ts';

export type SweepPorts = { aurora: Pick<Aurora, 'listClusters'> & RemovalVerbs; executions: Executions };

/** `found` says what existed before anything was requested, and what RDS refused. */
type Finding = { cluster: string; reason: string; found?: string };

/**
 * What a sweep found, each cluster with its reason. `kept`: its drill is running. `removing`: it is being deleted, or in a
 * dry run would be. `reported`: it looks like a drill's, and people must judge. `failed`: the sweep could not handle it.
 * `left` counts clusters of drills that nobody needs. A cluster being deleted counts and costs until it is gone.
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
 * Looks at every Aurora cluster of the Region once, and asks for the deletion of what drills left behind. A cluster that
 * fails does not stop the others.
 * @throws DrillError when the clusters cannot be listed
 */
export const sweepOnce = async (scope: SweepScope, isDryRun: boolean, ports: SweepPorts): Promise<Sweep> => {
  const { clusters, unreadable } = await ports.aurora.listClusters();
  const failed = unreadable.filter(({ cluster }) => cluster.startsWith(drillPrefix));
  const sweep: Sweep = { isDryRun, left: 0, kept: [], removing: [], reported: [], failed };
  for (const cluster of clusters) {
    await collectFailure(cluster.identifier, failed, () => sweepCluster(cluster, scope, sweep, ports));
  }
  return sweep;
};

const sweepCluster = async (
  cluster: Cluster,
  scope: SweepScope,
  sweep: Sweep,
  { aurora, executions }: SweepPorts,
): Promise<void> => {
  const decision = await decide(cluster, scope, executions);
  const finding = { cluster: cluster.identifier, reason: decision.reason };
  switch (decision.action) {
    case 'ignore':
      return;
    case 'keep':
      sweep.kept.push(finding);
      return;
    case 'report':
      sweep.reported.push(finding);
      if (isOfDrill(cluster)) sweep.left += 1;
      return;
    case 'remove': {
      sweep.left += 1;
      const removal = { owner: decision.owner, neverDeleted: scope.neverDeleted };
      // A sweep never takes protection off, whatever verbs it is given.
      const { liftProtection: _, ...verbs } = aurora;
      const facts = { mayAppear: false, madeAt: null, now: scope.now };
      const pass = sweep.isDryRun ? null : await removeOnce(verbs, removal, facts);
      sweep.removing.push({ ...finding, ...(pass && { found: pass.reason }) });
      return;
    }
    default:
      decision satisfies never;
  }
};

const decide = async (
  cluster: Cluster,
  scope: SweepScope,
  executions: Executions,
): Promise<FinalDecision> => {
  const decision = decideSweep(cluster, scope);
  if (decision.action !== 'look-up') return decision;
  return decideByExecution(cluster, decision.owner, await executions.findStatus(decision.owner.execution));
};
