import { DrillError } from '../errors.ts';
import { type Clock, secondsBetween, toIso } from '../instants.ts';
import { type CopyPieces, findJob, type Job, type StateOf, type Timed } from './state.ts';

/** State data in which these pieces are known to be there. */
export type StateWith<Pieces, Needed extends keyof Pieces> = StateOf<Pieces> & {
  [P in Needed]: Timed<Pieces[P]>;
};

/** One step of a job, as Step Functions calls it: state data in, the step's own piece out. */
export type Step<Deps, Piece, State> = (state: State, deps: Deps) => Promise<Piece>;

/**
 * How a machine with these pieces makes a step of a core: checks that the pieces it builds on are there, runs it, and
 * stamps its piece with when it began and ended, and with what all its runs come to. The stamps are what a report's
 * timeline and costs are made of.
 * @throws DrillError UnreadableAnswer when a piece is missing, and whatever the core throws
 */
export const stepsWith =
  <Pieces extends object>() =>
  <P extends keyof Pieces & string, Needed extends keyof Pieces & string, Deps extends { now: Clock }>(
    phase: P,
    needed: readonly Needed[],
    core: (state: StateWith<Pieces, Needed>, deps: Deps) => Promise<Pieces[P]>,
  ): Step<Deps, Timed<Pieces[P]>, StateOf<Pieces>> =>
  async (state, deps) => {
    assertThere(
      phase,
      needed.filter((name) => state[name] === undefined),
    );
    const earlier = state[phase];
    const startedAt = toIso(deps.now());
    const piece = await core(state as StateWith<Pieces, Needed>, deps);
    const endedAt = toIso(deps.now());
    return {
      ...piece,
      startedAt,
      endedAt,
      passes: (earlier?.passes ?? 0) + 1,
      functionSeconds: (earlier?.functionSeconds ?? 0) + secondsBetween(startedAt, endedAt),
    };
  };

const assertThere = (phase: string, missing: readonly string[]): void => {
  if (missing.length === 0) return;
  throw new DrillError(
    'UnreadableAnswer',
    `${phase} needs ${missing.join(', ')}, which the state data lacks`,
  );
};

const defineAnyStep = stepsWith<CopyPieces>();

/** A step that machines share: it knows the job and its copy, whatever the job is. */
export const defineCopyStep = <
  P extends keyof CopyPieces,
  Needed extends keyof CopyPieces,
  Deps extends { now: Clock },
>(
  phase: P,
  needed: readonly Needed[],
  core: (job: Job, state: StateWith<CopyPieces, Needed>, deps: Deps) => Promise<CopyPieces[P]>,
) =>
  defineAnyStep(phase, needed, async (state, deps: Deps) => {
    const job = findJob(state);
    assertThere(phase, job === undefined ? ["the job, from the machine's first state"] : []);
    return core(job as Job, state, deps);
  });

/** A step of the teardown, which comes even when the machine's first state has failed. */
export const defineTeardownStep = defineAnyStep;
