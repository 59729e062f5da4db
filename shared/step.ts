import type { DrillState, Phase, Pieces, Timed } from './drill-state.ts';
import { DrillError } from './errors.ts';
import { type Clock, toIso } from './instants.ts';

/** State data in which the pieces of these phases are known to be there. */
export type StateWith<Needed extends Phase> = DrillState & { [P in Needed]: Timed<Pieces[P]> };

/** One step of the drill, as Step Functions calls it: state data in, the step's own piece out. */
export type Step<Deps, Piece> = (state: DrillState, deps: Deps) => Promise<Piece>;

/**
 * Makes a step of a core: checks that the pieces it builds on are there, runs it, and stamps its piece with when it
 * began and ended. The stamps are what the timeline of the report is made of.
 * @throws DrillError UnreadableAnswer when a piece is missing, and whatever the core throws
 */
export const defineStep =
  <P extends Phase, Needed extends Phase, Deps extends { now: Clock }>(
    phase: P,
    needed: readonly Needed[],
    core: (state: StateWith<Needed>, deps: Deps) => Promise<Pieces[P]>,
  ): Step<Deps, Timed<Pieces[P]>> =>
  async (state, deps) => {
    const missing = needed.filter((name) => state[name] === undefined);
    if (missing.length > 0) {
      throw new DrillError(
        'UnreadableAnswer',
        `${phase} needs ${missing.join(', ')}, which the state data lacks`,
      );
    }
    const startedAt = toIso(deps.now());
    const piece = await core(state as StateWith<Needed>, deps);
    return { ...piece, startedAt, endedAt: toIso(deps.now()) };
  };
