import {
  exampleFacts,
  judgeExample,
  nothingRewound,
  readyExample,
  rewindExample,
} from '../../../local/documents/rewind-example.ts';
import { nameFailure } from '../../../shared/job/failure.ts';
import { buildRewind, type RewindDocument, type RewindOutcome } from '../../../shared/rewind/document.ts';
import { listObstacles } from '../../../shared/rewind/readiness.ts';

/** It is rewound, unless something else is given. */
export const makeRewind = (changes: Partial<RewindOutcome> = {}): RewindDocument =>
  buildRewind({ ...rewindExample, ...changes });

export const readyRewind = (): RewindDocument => buildRewind(readyExample);

/** A binary log stands in the way. */
export const blockedRewind = (): RewindDocument => {
  const preflight = judgeExample({
    ...exampleFacts,
    binlog: { value: { isOn: true, seenBy: 'server', consumers: ['debezium at 10.0.0.7'] } },
  });
  const cause = preflight === null ? '' : listObstacles(preflight).join('; ');
  return makeRewind({
    ...nothingRewound,
    dryRun: true,
    preflight,
    failures: [nameFailure('CheckReadiness', 'RewindBlocked', cause)],
  });
};

/** Aurora took a time 7 s later than asked. */
export const laterRewind = (): RewindDocument =>
  makeRewind({ restore: { restoreTo: '2026-11-19T02:50:00Z', reached: '2026-11-19T02:50:07Z' } });

export const failedRewind = (): RewindDocument =>
  makeRewind({
    restore: nothingRewound.restore,
    backtrack: rewindExample.backtrack && { ...rewindExample.backtrack, status: 'failed' },
    changes: null,
    tests: [],
    failures: [nameFailure('CheckRewind', 'RewindFailed', 'RDS calls the rewind failed')],
  });

export const refusedRewind = (): RewindDocument =>
  makeRewind({
    ...nothingRewound,
    failures: [nameFailure('CheckReadiness', 'RewindNotConfirmed', 'a code holds for 15 minutes')],
  });

/** Wherever a text of somebody else is shown, it is this one. */
export const plantIn = (text: string): RewindDocument => {
  const { preflight, backtrack, clone, cost, tests } = rewindExample;
  return makeRewind({
    plan: text,
    source: text,
    engine: text,
    trigger: { kind: 'manual', reason: text },
    preflight: preflight && { ...preflight, facts: [{ name: 'engine', isHeld: true, sentence: text }] },
    backtrack: backtrack && { ...backtrack, identifier: text, status: text },
    clone: clone && { ...clone, identifier: text },
    changes: { summary: text, lines: [text], found: null },
    tests: tests.map((test) => ({ ...test, name: text, actual: text, reason: text })),
    resources: [{ kind: 'cluster', name: text, createdAt: null }],
    cost: { ...cost, assumptions: [text] },
  });
};
