import type { DrillState, Phase, Pieces, Timed } from '../drill/state.ts';
import { DrillError } from '../errors.ts';
import { type Clock, secondsBetween, toIso } from '../instants.ts';

/** State data in which the pieces of these phases are known to be there. */
export type StateWith<Needed extends Phase> = DrillState & { [P in Needed]: Timed<Pieces[P]> };

/** One step of the drill, as Step Functions calls it: state data in, the step's own piece out. */
export type Step<Deps, Piece> = (state: DrillState, deps: Deps) => Promise<Piece>;

/**
 * Makes a step of a core: checks that the pieces it builds on are there, runs it, and stamps its piece with when it
 * began and ended, and with what all its runs come to. The stamps are what the report's timeline and costs are made of.
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
    const earlier = state[phase];
    const startedAt = toIso(deps.now());
    const piece = await core(state as StateWith<Needed>, deps);
    const endedAt = toIso(deps.now());
    return {
      ...piece,
      startedAt,
      endedAt,
      passes: (earlier?.passes ?? 0) + 1,
      functionSeconds: (earlier?.functionSeconds ?? 0) + secondsBetween(startedAt, endedAt),
    };
  };
