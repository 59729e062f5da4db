// Called by the state machine once the clone stands: the only function that changes production.
// Changes the source in RDS: rewinds it, if the pre-flight still says so and nothing has changed since the code.
// Running it twice looks first. What was asked for once is never asked for again, and a lost answer is looked up by CheckRewind.
import type { Backtracking } from '../../shared/aurora/backtracks.ts';
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { findCluster, listClusterParameters, onceRds, patientRds, rdsAurora } from '../../shared/aws/rds.ts';
import {
  backtrackCluster,
  listBacktracks,
  listBlueGreens,
  listClusterEvents,
} from '../../shared/aws/rds-backtrack.ts';
import { systemClock } from '../../shared/clock.ts';
import { DrillError, isDrillError } from '../../shared/errors.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { assertInTime } from '../../shared/job/creation.ts';
import { checkCode } from '../../shared/rewind/code.ts';
import { checkReadiness } from '../../shared/rewind/preflight.ts';
import type { RewindAurora } from '../../shared/rewind/reading.ts';
import { type Asking, findAsked, findAskedFor } from '../../shared/rewinding/asked.ts';
import { readFacts } from '../../shared/rewinding/facts.ts';
import { defineRewindStep, type RewindAsked } from '../../shared/rewinding/state.ts';
import { isAnswerLost } from '../../shared/teardown/decision.ts';

type Deps = { aurora: Pick<Aurora, 'findCluster' | 'backtrackCluster'> & RewindAurora; now: Clock };

export const rewindCluster = defineRewindStep(
  'RewindCluster',
  ['PrepareRewind', 'CheckReadiness'],
  async (state, { aurora, now }: Deps): Promise<RewindAsked> => {
    const { to, confirm, source, target } = state.PrepareRewind;
    const at = toIso(now());
    const facts = await readFacts(aurora, state, 'AskServerAgain', at);
    const nothing = { readiness: null, refusal: null, isAsked: false, backtrack: null, lost: null };
    const clone = await aurora.findCluster(target.cluster);
    const asking = { to, confirm: confirm ?? '', clone };
    const asked = findAskedFor(facts, asking);
    if (asked !== undefined) return { ...nothing, isAsked: true, backtrack: asked };
    assertInTime(state.PrepareRewind, at, 'rewound');
    const readiness = checkReadiness(facts, { to, now: at });
    // The code was good when the clone was begun, and a clone takes longer than a code holds.
    const code = checkCode(confirm, { facts, to }, state.CheckReadiness.startedAt);
    const refusal = code.isGood ? null : code.reason;
    if (readiness.verdict !== 'ready' || refusal !== null) return { ...nothing, readiness, refusal };
    return { ...nothing, readiness, isAsked: true, ...(await ask(aurora, source.identifier, asking)) };
  },
);

type Answer = Pick<RewindAsked, 'backtrack' | 'lost'>;

/** After this call nothing may throw what a Retry matches: it would ask a second time. */
const ask = async (aurora: Deps['aurora'], cluster: string, asking: Asking): Promise<Answer> => {
  try {
    return { backtrack: await aurora.backtrackCluster({ cluster, to: asking.to }), lost: null };
  } catch (error) {
    if (!isDrillError(error)) throw error;
    if (isAnswerLost(error.name)) return { backtrack: null, lost: `${error.name}: ${error.summary}` };
    // Refused, perhaps since another start was faster.
    const asked = findAsked(await listSafely(aurora, cluster), asking);
    if (asked !== undefined) return { backtrack: asked, lost: null };
    if (!['RequestRefused', 'InvalidClusterState'].includes(error.name)) throw error;
    throw new DrillError('RewindBlocked', `RDS refused it: ${error.summary}`, { cause: error });
  }
};

const listSafely = async (aurora: Deps['aurora'], cluster: string): Promise<Backtracking[]> => {
  try {
    return await aurora.listBacktracks(cluster);
  } catch (error) {
    if (!isDrillError(error)) throw error;
    return [];
  }
};

export const handler = lambdaHandler(rewindCluster, {
  aurora: {
    ...rdsAurora(
      { findCluster, listBacktracks, listClusterEvents, listBlueGreens, listClusterParameters },
      patientRds(),
    ),
    ...rdsAurora({ backtrackCluster }, onceRds()),
  },
  now: systemClock,
});
