import { describeSeconds, secondsBetween } from '../instants.ts';
import { formatInstant } from '../result/format.ts';
import type { RewindFacts } from './facts.ts';
import { type Fact, sayAs } from './readiness.ts';

/** Whether the cluster has Backtrack at all. */

export const checkEngine = ({ source }: RewindFacts): Fact => {
  const { identifier, engine, engineVersion, engineMode } = source;
  const say = sayAs('engine');
  if (engine !== 'aurora-mysql')
    return say(false, `${identifier} is ${engine}: only Aurora MySQL has Backtrack`);
  if (engineMode === null) return say(null, `RDS does not say in which mode ${identifier} runs`);
  if (engineMode !== 'provisioned')
    return say(false, `${identifier} runs in the mode ${engineMode}, which has no Backtrack`);
  // Two AWS pages disagree on Serverless v2. That RDS keeps change records of it decides.
  const doubt = source.isServerlessV2
    ? ', with Serverless v2: AWS says in one place that Backtrack works with it, and in another that it does not'
    : '';
  return say(true, `${identifier} is Aurora MySQL ${engineVersion}${doubt}`);
};

export const checkBacktrack = ({ source: { identifier, backtrack } }: RewindFacts): Fact =>
  sayAs('Backtrack')(
    backtrack !== null,
    backtrack === null
      ? `Backtrack is off for ${identifier}: only a cluster that is created, or restored from a snapshot, with it can have it`
      : `Backtrack is on, with a target of ${describeSeconds(backtrack.targetSeconds)}`,
  );

/** No list of Regions that ages: where it is on, the Region has it. */
export const checkRegion = ({ source }: RewindFacts): Fact =>
  sayAs('Region')(source.backtrack !== null, 'its Region has Backtrack, since it is on');

/** A window smaller than its target is told, and forbids nothing. */
export const checkWindow = ({ source }: RewindFacts, now: string): Fact => {
  const { identifier, backtrack } = source;
  const earliest = backtrack?.earliestTime ?? null;
  const say = sayAs('window');
  if (backtrack === null || earliest === null)
    return say(null, `RDS does not say how far back ${identifier} can go`);
  const { targetSeconds } = backtrack;
  const reach = describeSeconds(Math.min(Math.max(0, secondsBetween(earliest, now)), targetSeconds));
  return say(
    true,
    `${identifier} can go back to ${formatInstant(earliest)}, ${reach} of ${describeSeconds(targetSeconds)}`,
  );
};
