import { isAfter, toWholeSecond } from '../instants.ts';
import { describeStanding } from '../recovery/words.ts';
import { formatInstant } from '../result/format.ts';
import { type Fate, judgeTraces, type Traces } from './traces.ts';

/** After "shop", in a title. */
const fates: Record<Fate, string> = {
  running: 'is being rewound now',
  rewound: 'was rewound',
  failed: 'may not be rewound, RDS calls it failed',
  unlisted: 'is not rewound so far',
  unasked: 'was not asked to rewind',
  unknown: 'may be rewound, look at it',
};

export const describeFate = (fate: Fate): string => fates[fate];

/** What became of production, as RDS tells it. @param restoreTo the time asked for, ISO 8601; null if not known */
export const describeProduction = (name: string, restoreTo: string | null, traces: Traces): string[] => {
  const { rewind } = traces;
  const fate = judgeTraces(traces);
  if ('unread' in rewind) return [describeUnread(name, rewind.unread, traces.status)];
  const { asked, later } = rewind;
  if (asked === null) return [describeUnlisted(name, fate)];
  const { identifier, status, to } = asked;
  const called = `RDS calls the rewind ${identifier} ${status}`;
  const again =
    later === null
      ? []
      : [
          `Somebody has asked for another rewind since, at ${formatInstant(later.requestedAt)}: the last counts.`,
        ];
  if (fate === 'running')
    return [
      `${name} is being rewound now: ${called}. It goes on by itself, and nobody follows it.`,
      ...again,
    ];
  if (fate === 'failed') return [`${name} may not be rewound: ${called}.`, ...again];
  const isLater = restoreTo !== null && isAfter(toWholeSecond(to), restoreTo);
  const damage = isLater ? ' That is later than what was asked for: the damage may still be in it.' : '';
  return [`${name} was rewound to ${formatInstant(to)}: ${called}.${damage}`, ...again];
};

const describeUnread = (name: string, reason: string, status: string | null): string =>
  status === 'backtracking'
    ? `${name} is being rewound now, as its status says. Its rewinds could not be listed: ${reason}.`
    : `Whether ${name} is rewound is not known: ${reason}. ${status === null ? 'Its status is not known either' : `Its status is ${status}`}.`;

/** A step that was at work goes on to its end, and lists lag behind calls. */
const describeUnlisted = (name: string, fate: Fate): string => {
  if (fate === 'running')
    return `${name} is being rewound now, as its status says, and RDS does not list that rewind yet. It goes on by itself.`;
  return fate === 'unasked'
    ? `${name} was not asked to rewind: that comes after its clone.`
    : `${name} is not rewound so far: RDS lists no rewind of this code. A step that was at work goes on to its end, so look once more in some minutes.`;
};

/** What stands of what production was, and what it costs. */
export const describeClone = (clone: Traces['clone']): string => {
  if (clone === null)
    return 'No clone of it is seen. One that a step has just asked for would come in some minutes: look once more.';
  return 'unread' in clone
    ? `Whether its clone stands is not known: ${clone.unread}. Look for a cluster named recovered-...-before-rewind.`
    : `What production was before is in its clone. ${describeStanding([clone.cluster, ...clone.instances], clone.costAnHour)}`;
};
