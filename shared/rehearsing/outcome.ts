import { jobId } from '../job/names.ts';
import { unpack } from '../job/packing.ts';
import { triggerOf } from '../job/trigger.ts';
import { glanceAtInput } from '../job/typed-input.ts';
import { buildRehearsal, type RehearsalDocument, rehearsalPhases } from '../rehearsal/document.ts';
import { readScript } from '../rehearsal/script.ts';
import { type Cost, estimateCost } from '../result/cost.ts';
import { listPhaseTimes } from '../result/phase-times.ts';
import type { Prices } from '../result/prices.ts';
import { measureUse } from '../result/use.ts';
import { dialectOf } from '../sql/tokens.ts';
import { describeTeardown } from '../teardown/outcome.ts';
import { listClusterResources } from '../teardown/resources.ts';
import { listRehearsalFailures } from './failures.ts';
import type { RehearsalState } from './state.ts';
import { rehearsalWorkflow } from './workflow.ts';

/** The document as the state data has it so far. @param endedAt ISO 8601 */
export const documentRehearsal = (
  state: RehearsalState,
  endedAt: string,
  prices: Prices,
): RehearsalDocument => {
  const { execution, PrepareRehearsal: job, AskProduction: asked, RehearseChange: ran } = state;
  const typed = glanceAtInput(execution.input);
  return buildRehearsal({
    id: jobId(execution.id),
    plan: job?.plan ?? typed.plan,
    source: job?.source.identifier ?? null,
    engine: job?.source.engine ?? null,
    trigger: job?.trigger ?? triggerOf(execution.name, typed.reason),
    dryRun: job?.dryRun ?? typed.dryRun,
    change: job === undefined ? null : { summary: job.summary, storedAt: job.storedAt },
    scriptNotes: readNotes(state),
    limits: job?.limits ?? null,
    contenderSeconds: job?.contenderSeconds ?? null,
    clone: state.RestoreCluster?.cluster ?? null,
    differences: job?.differences ?? [],
    sideEffects: asked?.doubt ?? '',
    measured: ran === undefined ? null : unpack(ran.measured),
    phases: listPhaseTimes(state, rehearsalPhases, endedAt),
    teardown: describeTeardown(state),
    resources: listClusterResources(state),
    cost: costOf(state, endedAt, prices),
    startedAt: execution.startedAt,
    endedAt,
    failures: listRehearsalFailures(state),
  });
};

const readNotes = ({ PrepareRehearsal: job }: RehearsalState): string[] =>
  job === undefined ? [] : readScript(unpack(job.change), dialectOf(job.source.engine)).notes;

const costOf = (state: RehearsalState, endedAt: string, prices: Prices): Cost => {
  const cost = estimateCost(measureUse(state, rehearsalWorkflow, endedAt), prices);
  const isLocal = state.PrepareRehearsal?.trigger.kind === 'local';
  return {
    ...cost,
    assumptions: [
      ...(isLocal ? ['nothing was billed: this ran on one machine; the figures are for AWS'] : []),
      ...cost.assumptions,
      // Aurora User Guide, Aurora.Managing.Clone.
      'a clone pays for the storage of what is written since alone, so the figure for storage is too high',
    ],
  };
};
