import { checkCluster } from '../../../functions/copy/check-cluster.ts';
import { checkTeardown } from '../../../functions/copy/check-teardown.ts';
import { restoreCluster } from '../../../functions/copy/restore-cluster.ts';
import { tearDown } from '../../../functions/copy/tear-down.ts';
import type { Machine } from '../../../local/machine/execution.ts';
import type { Aurora } from '../../../shared/aurora/port.ts';
import { DrillError } from '../../../shared/errors.ts';
import { addSeconds, type Clock } from '../../../shared/instants.ts';
import { type JobFailure, readCaught } from '../../../shared/job/failure.ts';
import { assertDrillable, fixJob, readRestorableWindow } from '../../../shared/job/preparation.ts';
import type { CopyPieces, Job, StateOf } from '../../../shared/job/state.ts';
import { type Step, stepsWith } from '../../../shared/job/step.ts';
import { choosePlan, parsePlans, sourcesOf } from '../../../shared/plan/plans.ts';
import { findCopyFailure } from '../../../shared/teardown/failure.ts';

/** A machine of its own, with the shared steps and nothing of drills: what CONTRIBUTING's recipe comes to. */

type Pieces = CopyPieces & { PrepareCopy: Job };
export type CopyState = StateOf<Pieces>;

export type CopyWorld = {
  aurora: Aurora;
  readPlans: () => Promise<string>;
  teardownMinutes: number;
  now: Clock;
};

export type CopyDocument = {
  verdict: 'passed' | 'failed';
  cluster: string | null;
  failure: JobFailure | null;
};

const defineStep = stepsWith<Pieces>();

const prepareCopy = defineStep(
  'PrepareCopy',
  [],
  async ({ execution }, { aurora, readPlans, teardownMinutes }: CopyWorld) => {
    const input = execution.input as { plan?: string; kind?: 'clone' };
    const plans = parsePlans(await readPlans(), 'plans.yml');
    const { name, plan } = choosePlan(plans, input.plan, 'plans.yml');
    const source = await aurora.findCluster(plan.source);
    if (source === undefined) throw new DrillError('SourceNotFound', `there is no cluster ${plan.source}`);
    assertDrillable(source);
    return fixJob({
      kind: 'extract',
      execution,
      plan: { name, ...plan },
      sources: sourcesOf(plans),
      source,
      instances: await aurora.listInstances(source.identifier),
      copyKind: input.kind ?? 'point-in-time',
      // A second before the newest that there is: RDS refuses that one itself.
      restoreTo: addSeconds(readRestorableWindow(source).latest, -1),
      teardownMinutes,
    });
  },
);

const phases = ['PrepareCopy', 'RestoreCluster', 'CheckCluster', 'TearDown', 'CheckTeardown'] as const;

const concludeCopy: Step<CopyWorld, CopyDocument, CopyState> = async (state) => {
  const caught = phases.map((phase) => readCaught(state, phase)).find((failure) => failure !== null);
  const failure =
    caught ?? findCopyFailure(state, 'CheckCluster') ?? findCopyFailure(state, 'CheckTeardown') ?? null;
  return {
    verdict: failure === null ? 'passed' : 'failed',
    cluster: state.RestoreCluster?.cluster ?? null,
    failure,
  };
};

export const copyMachine: Machine<CopyWorld, CopyState> = {
  definition: new URL('copy.asl.yaml', import.meta.url),
  steps: {
    PrepareCopy: prepareCopy,
    RestoreCluster: restoreCluster,
    CheckCluster: checkCluster,
    TearDown: tearDown,
    CheckTeardown: checkTeardown,
    ConcludeCopy: concludeCopy,
  },
};
