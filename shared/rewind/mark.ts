import { formatInstant } from '../result/format.ts';
import { showRecoverInput, showRewindInput } from './input.ts';
import { listObstacles, type Readiness } from './readiness.ts';

/** A place to come back to, made before a risky change. `at`: the database's own clock, ISO 8601, whole seconds. */
export type Mark = {
  plan: string;
  /** The plan says `rewind: allowed`. */
  isAllowed: boolean;
  source: string;
  at: string;
  readiness: Readiness;
  /** The safety copy, which outlives the Backtrack window; null if none was wanted. */
  snapshot: { identifier: string; expires: string } | null;
};

/** `rewind`: null where the cluster could not be rewound as it is now. */
export type MarkWords = {
  sentence: string;
  notes: string[];
  inputs: { rewind: string | null; recover: string };
};

/** The mark in words, and the exact inputs that lead back to it. */
export const describeMark = ({ plan, isAllowed, source, at, readiness, snapshot }: Mark): MarkWords => {
  const asked = { plan, restoreTo: at, reason: `back to the mark of ${formatInstant(at)}` };
  const isReady = readiness.verdict === 'ready';
  return {
    sentence: `${source} is marked at ${formatInstant(at)}, by its own clock`,
    notes: [
      ...(isReady && !isAllowed
        ? [`no rewind until plan ${plan} has rewind: allowed, and that is deployed`]
        : []),
      ...(isReady ? [] : listObstacles(readiness).map((obstacle) => `no rewind: ${obstacle}`)),
      snapshot === null
        ? 'no safety snapshot was taken: once the log is gone, nothing leads back'
        : `snapshot ${snapshot.identifier} is available, and nobody deletes it; it expires at ${formatInstant(snapshot.expires)}, and is then yours to delete`,
    ],
    inputs: { rewind: isReady ? showRewindInput(asked) : null, recover: showRecoverInput(asked) },
  };
};
