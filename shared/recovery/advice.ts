import type { CopyKind } from '../aurora/port.ts';
import { DrillError } from '../errors.ts';
import { isAtRest, type Judged, judgeCopies } from './copies.ts';
import type { RecoveryFacts } from './facts.ts';
import type { WishedMechanism } from './input.ts';
import type { Advice, Choice, Way } from './way-back.ts';
import { describeBacktrack, describeCopy, describeExtract, isFullCopy } from './ways.ts';

/**
 * Judges every way back and chooses one. Nothing here touches production: Backtrack is shown and never chosen.
 * @param now ISO 8601
 */
export const adviseRecovery = (facts: RecoveryFacts, wish: WishedMechanism, now: string): Advice => {
  const copies = judgeCopies(facts, now);
  const best = chooseBest(copies, isAtRest(facts));
  const describe = (kind: CopyKind): Way => describeCopy(kind, copies[kind], facts);
  const past = best?.mechanism === 'clone' ? copies.snapshot.choice : best;
  return {
    at: now,
    restoreTo: facts.restoreTo,
    ways: [
      describe('point-in-time'),
      describe('snapshot'),
      describe('clone'),
      describeBacktrack(facts, now),
      describeExtract(describe(past?.mechanism ?? 'point-in-time')),
    ],
    choice: wish === 'auto' ? best : copies[wish].choice,
    warnings: listWarnings(facts),
  };
};

/**
 * To the point in time; if that cannot be, the source as it is now, where that is what was asked for; else the newest
 * snapshot. The final snapshot of a cluster that is written to no more may be newer than its log.
 */
const chooseBest = (copies: Record<CopyKind, Judged>, isSourceAtRest: boolean): Choice | null => {
  const [log, clone, snapshot] = [
    copies['point-in-time'].choice,
    copies.clone.choice,
    copies.snapshot.choice,
  ];
  if (isSourceAtRest && log !== null && snapshot !== null && snapshot.lossSeconds < log.lossSeconds)
    return snapshot;
  return log ?? clone ?? snapshot;
};

const listWarnings = (facts: RecoveryFacts): string[] => {
  const { source, left, wantedInstances, sideEffects } = facts;
  const { identifier, status } = source;
  return [
    ...(status === null
      ? [`${identifier} was deleted, so most of its settings are not known: look at the table of settings`]
      : status === 'available'
        ? []
        : [`${identifier} is ${status}`]),
    ...(left.instances !== null && left.instances > 0 && left.instances < wantedInstances
      ? [
          `the account may have ${left.instances} more instances, and ${wantedInstances} are wanted: readers will be missing`,
        ]
      : []),
    ...(isFullCopy(facts)
      ? [
          `${identifier} has ${facts.clones} clones already: the next one is a full copy, slower and with storage of its own`,
        ]
      : []),
    ...(sideEffects.doubt === '' ? [] : [sideEffects.doubt]),
  ];
};

/**
 * What the recovery does.
 * @throws DrillError NotRecoverable with what there is
 */
export const takeChoice = (
  { choice, restoreTo, ways }: Advice,
  source: string,
  wish: WishedMechanism,
): Choice => {
  if (choice !== null) return choice;
  const to = restoreTo === null ? 'the latest time' : restoreTo;
  const by = wish === 'auto' ? '' : ` by ${wish}`;
  const seen = ways.map(
    ({ name, isPossible, why }) => `${name}: ${isPossible ? 'possible' : 'not possible'}, ${why}`,
  );
  throw new DrillError('NotRecoverable', `${source} cannot be recovered to ${to}${by}; ${seen.join('; ')}`);
};
