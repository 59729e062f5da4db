import { typingErrors } from '../errors.ts';
import { isAfter } from '../instants.ts';
import { describeTests } from '../recovery/words.ts';
import { formatInstant } from '../result/format.ts';
import type { RewindDocument } from './document.ts';
import { listObstacles } from './readiness.ts';

/** The verdict in words, what it means, and what to do next, in order. Names in them are still hostile input. */
export type RewindWords = { sentence: string; meaning: string[]; steps: string[] };

export const explainRewind = (rewind: RewindDocument): RewindWords => ({
  sentence: `${describeEnd(rewind)}.`,
  meaning: [
    ...listSeen(rewind),
    ...(rewind.changes === null ? [] : [`The rewind took away: ${rewind.changes.summary}.`]),
    ...listKept(rewind),
    ...rewind.otherFailures.map(({ phase, error, cause }) => `Then ${error} in ${phase}: ${cause}`),
  ],
  steps: listSteps(rewind),
});

const nameOf = ({ source, plan }: RewindDocument): string => source ?? plan ?? 'the cluster';

/** "2026-11-19 02:13:00 UTC". */
const toWhen = (instant: string | null): string =>
  instant === null ? 'the time asked for' : formatInstant(instant);

const describeEnd = (rewind: RewindDocument): string => {
  const { outcome, failure, restore, code } = rewind;
  const name = nameOf(rewind);
  const asked = toWhen(restore.restoreTo);
  switch (outcome) {
    case 'ready': {
      const ready = `Nothing was done: ${name} can be rewound to ${asked}`;
      return code === null
        ? `${ready}, but its plan does not allow it`
        : `${ready}, until ${toWhen(code.until)} with the code below`;
    }
    case 'blocked':
      return `Nothing was rewound: ${name} cannot be rewound to ${asked}, so recover to that time instead`;
    case 'rewound': {
      const rewound = `${name} is rewound to ${toWhen(restore.reached)}`;
      if (failure === null) return `${rewound}, ${describeTests(rewind)}`;
      return failure.error === 'TestsFailed'
        ? `${rewound}, but ${describeTests(rewind)}`
        : `${rewound}, but a later step failed`;
    }
    case 'other-time':
      return `${name} is rewound to ${toWhen(restore.reached)}, later than ${asked} that was asked for: the damage may still be in it`;
    case 'failed':
      if (rewind.backtrack === null) return describeUnlisted(rewind);
      return `${name} may not be rewound: RDS calls the rewind ${rewind.backtrack.status}`;
    default:
      return outcome satisfies never;
  }
};

/** Whoever looked for it did so since something had asked, or had died when it could have. */
const describeUnlisted = (rewind: RewindDocument): string => {
  const { phases, failure, otherFailures } = rewind;
  const name = nameOf(rewind);
  if (!phases.some((phase) => phase.name === 'CheckRewind'))
    return `${name} is not rewound: nothing was asked of it`;
  const isUnseen = [failure, ...otherFailures].some(
    (one) => one?.phase === 'CheckRewind' && one.error !== 'RewindFailed',
  );
  return isUnseen
    ? `${name} may be rewound, or will be: it may have been asked to, and the rewind could not be looked up`
    : `${name} may have been asked to rewind, and RDS lists no rewind`;
};

const listSeen = (rewind: RewindDocument): string[] => {
  const { outcome, preflight, failure } = rewind;
  if (preflight === null) return [];
  if (outcome === 'blocked') {
    const obstacles = listObstacles(preflight);
    // RDS has refused what the pre-flight had found nothing against.
    const refused = failure === null ? [] : [failure.cause];
    return (obstacles.length > 0 ? obstacles : refused).map((sentence) => `In the way: ${sentence}.`);
  }
  const writes = preflight.facts.find(({ name }) => name === 'writes');
  const seen = (when: string): string[] => (writes === undefined ? [] : [`${when}: ${writes.sentence}.`]);
  if (outcome === 'ready')
    return [
      'While it is rewound, the cluster pauses, every connection closes, and what is not committed is lost.',
      ...seen('Now'),
    ];
  return isRewoundHere(rewind)
    ? [...seen('Just before it'), 'What was written after its clone was begun is in neither cluster.']
    : [];
};

/** Not by an earlier start, which this one has followed to its end: that had a last look of its own. */
const isRewoundHere = ({ restore: { reached }, backtrack, startedAt }: RewindDocument): boolean =>
  reached !== null && backtrack !== null && !isAfter(startedAt, backtrack.requestedAt);

const listKept = ({ clone }: RewindDocument): string[] => {
  if (clone === null) return [];
  const kept = clone.isUsable
    ? `Production as it was before is kept as ${clone.identifier}, protected`
    : `A clone of production was begun as ${clone.identifier}, and was not usable when this ended; it stays`;
  return [`${kept}: it costs money until somebody deletes it.`];
};

const listSteps = (rewind: RewindDocument): string[] => {
  const { outcome, failure, next } = rewind;
  switch (outcome) {
    case 'ready':
      return [
        ...(next.confirmed === null
          ? ['to rewind it, write rewind: allowed in its plan, deploy, and start again']
          : ['read the pre-flight, and stop what writes', ...step('then rewind', next.confirmed)]),
        ...step('or leave production alone, and recover', next.recover),
      ];
    case 'blocked':
      return step('recover to the same time, with aurora-drills-STAGE-recover', next.recover);
    case 'rewound':
    case 'other-time':
      return [
        ...(failure === null ? [] : [failure.hint]),
        ...step('go to the next earlier time', next.earlier),
        'before anything writes, look at it: what is written now may throw away what the rewind took back',
        ...listScrubs(rewind),
        ...listSalvage(rewind),
        ...step('or recover to the time asked for', next.recover),
      ];
    case 'failed':
      return [
        ...(failure === null ? [] : [failure.hint]),
        ...(failure === null || typingErrors.includes(failure.error)
          ? []
          : step('or recover to the same time', next.recover)),
      ];
    default:
      return outcome satisfies never;
  }
};

const step = (words: string, input: string | null): string[] =>
  input === null ? [] : [`${words}: ${input}`];

const listScrubs = ({ next }: RewindDocument): string[] => [
  ...step('to scrub forward by a minute', next.forward),
  ...step('to go back to where we were', next.back),
];

const listSalvage = ({ clone }: RewindDocument): string[] =>
  clone === null ? [] : [`take what is missing now out of ${clone.identifier}`];
