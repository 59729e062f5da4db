import { type BacktrackWindow, describeReach } from '../aurora/backtrack-window.ts';
import { describeSeconds } from '../instants.ts';
import type { Message } from '../messages/message.ts';
import type { BacktrackHistory } from './backtrack-history.ts';

/** The alert: a rewind to before the earliest time is no longer possible, although the target promises it. */
export const describeShrunk = (
  window: BacktrackWindow,
  { since, rate }: BacktrackHistory,
  latestRestorableTime: string | null,
): Message => {
  const { targetSeconds, actualSeconds, earliestTime, at } = window;
  // Never rounded up: a window that is a little too small must not show as 100 %.
  const percent = Math.floor((100 * actualSeconds) / targetSeconds);
  const begun = since ?? { at, isOrEarlier: true };
  return {
    ...describeWindow(window),
    kind: 'backtrack-window-shrunk',
    title: `Backtrack window shrunk: ${describeReach(window)}`,
    happened: [
      `${describeReach(window)} (${percent} %). Nothing before ${earliestTime} can be reached by Backtrack.`,
    ],
    toDo: [
      `use a point-in-time restore into a new cluster for anything before ${earliestTime}`,
      'cut the write volume: look for a batch job, a backfill or an index build that began when the rate rose',
      // AWS says the same about this event. A higher target alone makes no room for more change records.
      'set a target window that fits: fewer hours at this write volume, or more once the writes are down',
    ],
    facts: [
      ...figuresOf(window),
      ['Ratio', (percent / 100).toFixed(2)],
      ['Below target since', `${begun.at}${begun.isOrEarlier ? ' or earlier' : ''}`],
      ['Change records', describeRate(rate)],
      ['Restorable to', latestRestorableTime ?? 'unknown'],
    ],
    details: {
      ...detailsOf(window),
      since: begun.at,
      isSinceOrEarlier: begun.isOrEarlier,
      changeRecordsPer5Minutes: rate,
    },
  };
};

/** Closes the alert, under the same key. */
export const describeRecovered = (window: BacktrackWindow): Message => ({
  ...describeWindow(window),
  kind: 'backtrack-window-recovered',
  title: `Backtrack window recovered: ${describeReach(window)}`,
  happened: [`${describeReach(window)}: the whole target window can be rewound again.`],
  toDo: [],
  facts: figuresOf(window),
  details: detailsOf(window),
});

const describeWindow = ({ cluster, at }: BacktrackWindow) => ({
  dedupKey: `backtrack-window/${cluster}`,
  clusters: [cluster],
  at,
});

const figuresOf = ({ targetSeconds, actualSeconds, earliestTime }: BacktrackWindow): Message['facts'] => [
  ['Target window', describeSeconds(targetSeconds)],
  ['Actual window', describeSeconds(actualSeconds)],
  ['Earliest backtrack time', earliestTime],
];

const detailsOf = ({ cluster, targetSeconds, actualSeconds, earliestTime }: BacktrackWindow) => ({
  cluster,
  targetSeconds,
  actualSeconds,
  ratio: Math.min(1, actualSeconds / targetSeconds),
  earliestTime,
});

/** A rate counts as steady if it is within a fifth of the day before. */
const steadyShare = 0.2;

const describeRate = (rate: BacktrackHistory['rate']): string => {
  if (rate === null) return 'unknown';
  const now = `${Math.round(rate.now).toLocaleString('en-US')} per 5 min in the last hour`;
  if (rate.dayBefore === null || rate.dayBefore === 0) return now;
  const factor = rate.now / rate.dayBefore;
  if (Math.abs(factor - 1) < steadyShare) return `${now}, steady since the day before`;
  return factor > 1
    ? `${now}, rising: ${factor.toFixed(1)} times the day before`
    : `${now}, falling: ${Math.round(100 * factor)} % of the day before`;
};
