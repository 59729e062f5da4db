// Called by the state machine after the rewind was asked for, again and again until it is over.
// Changes nothing: looks at the list of rewinds, and at the cluster.
// Running it twice looks twice.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { findCluster, rdsAurora } from '../../shared/aws/rds.ts';
import { listBacktracks } from '../../shared/aws/rds-backtrack.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { findAsked } from '../../shared/rewinding/asked.ts';
import { decideRewind } from '../../shared/rewinding/decision.ts';
import { defineRewindStep } from '../../shared/rewinding/state.ts';

type Deps = { aurora: Pick<Aurora, 'findCluster' | 'listBacktracks'>; now: Clock };

export const checkRewind = defineRewindStep(
  'CheckRewind',
  ['PrepareRewind'],
  async (state, { aurora, now }: Deps) => {
    const { PrepareRewind: job, RewindCluster: asked, CheckRewind: earlier } = state;
    const { to, confirm, source, target, deadline } = job;
    const at = toIso(now());
    const since = earlier?.since ?? at;
    const all = await aurora.listBacktracks(source.identifier);
    const known = asked?.backtrack ?? earlier?.backtrack;
    const backtrack =
      known == null
        ? findAsked(all, { to, confirm: confirm ?? '', clone: await aurora.findCluster(target.cluster) })
        : all.find(({ identifier }) => identifier === known.identifier);
    const cluster = await aurora.findCluster(source.identifier);
    return {
      ...decideRewind({ backtrack, cluster, lost: asked?.lost ?? null, to }, { since, deadline, now: at }),
      since,
      backtrack: backtrack ?? null,
    };
  },
);

export const handler = lambdaHandler(checkRewind, {
  aurora: rdsAurora({ findCluster, listBacktracks }),
  now: systemClock,
});
