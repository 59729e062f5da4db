// Called by the state machine once the server has been asked: the pre-flight.
// Changes nothing: asks RDS, judges every fact, and makes the code or checks the one that was typed.
// Running it twice judges twice. A code that somebody has confirmed before finds the rewind that it brought about.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { findCluster, listClusterParameters, patientRds, rdsAurora } from '../../shared/aws/rds.ts';
import { listBacktracks, listBlueGreens, listClusterEvents } from '../../shared/aws/rds-backtrack.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { checkCode, codeEnd, makeCode } from '../../shared/rewind/code.ts';
import { checkReadiness as judge } from '../../shared/rewind/preflight.ts';
import type { RewindAurora } from '../../shared/rewind/reading.ts';
import { findAskedFor } from '../../shared/rewinding/asked.ts';
import { readFacts } from '../../shared/rewinding/facts.ts';
import { defineRewindStep, type ReadinessChecked } from '../../shared/rewinding/state.ts';

type Deps = { aurora: Pick<Aurora, 'findCluster'> & RewindAurora; now: Clock };

export const checkReadiness = defineRewindStep(
  'CheckReadiness',
  ['PrepareRewind'],
  async (state, { aurora, now }: Deps): Promise<ReadinessChecked> => {
    const { to, confirm, isAllowed, target } = state.PrepareRewind;
    const at = toIso(now());
    const facts = await readFacts(aurora, state, 'AskServer', at);
    const readiness = judge(facts, { to, now: at });
    const isReady = readiness.verdict === 'ready';
    const unconfirmed = { readiness, isConfirmed: false, code: null, refusal: null, isAskedFor: false };
    if (confirm === null) {
      const value = isReady && isAllowed ? makeCode({ facts, to }, at) : null;
      return { ...unconfirmed, code: value === null ? null : { value, until: codeEnd(at) } };
    }
    const clone = await aurora.findCluster(target.cluster);
    // Without a clone of what was before, somebody else has asked: by hand, or with another code.
    if (clone !== undefined && findAskedFor(facts, { to, confirm, clone }) !== undefined)
      return { ...unconfirmed, isConfirmed: true, isAskedFor: true };
    const code = checkCode(confirm, { facts, to }, at);
    return { ...unconfirmed, isConfirmed: isReady && code.isGood, refusal: code.isGood ? null : code.reason };
  },
);

export const handler = lambdaHandler(checkReadiness, {
  // What it does not answer counts as not known, and blocks.
  aurora: rdsAurora(
    { findCluster, listBacktracks, listClusterEvents, listBlueGreens, listClusterParameters },
    patientRds(),
  ),
  now: systemClock,
});
