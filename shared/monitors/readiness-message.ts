import type { Message } from '../messages/message.ts';
import { formatInstant } from '../result/format.ts';
import { listObstacles, type Readiness } from '../rewind/readiness.ts';
import { cutAfterWord } from '../words.ts';

const mostObstacles = 6;
const maxLineLength = 400;

/** A cluster that could be rewound and no longer can, or the reverse. @param at ISO 8601 */
export const describeReadiness = (cluster: string, readiness: Readiness, at: string): Message => {
  const isReady = readiness.verdict === 'ready';
  const obstacles = listObstacles(readiness).slice(0, mostObstacles).map(cutLine);
  return {
    kind: isReady ? 'backtrack-ready' : 'backtrack-not-ready',
    title: isReady
      ? `Backtrack ready: ${cluster} can be rewound`
      : `Backtrack not ready: ${cluster} cannot be rewound`,
    happened: isReady
      ? [`${cluster} can be rewound again: nothing that RDS tells forbids it.`]
      : [
          `${cluster} could be rewound, and no longer can.`,
          ...obstacles.map((obstacle) => `In the way: ${obstacle}.`),
        ],
    toDo: isReady
      ? []
      : [
          'before the next risky change, remove what stands in the way, or rely on a recovery into a new cluster',
        ],
    facts: [
      ['Cluster', cluster],
      ['Seen at', formatInstant(at)],
    ],
    dedupKey: `backtrack-ready/${cluster}`,
    clusters: [cluster],
    at,
    details: { cluster, isReady, verdict: readiness.verdict, obstacles },
  };
};

const cutLine = (line: string): string => cutAfterWord(line, maxLineLength);
