import type { Aurora, Cluster, ClusterList } from '../aurora/port.ts';
import { isDrillError } from '../errors.ts';
import { isAfter } from '../instants.ts';
import { describeCluster, isMadeBy } from '../recovering/standing.ts';
import { recoveredTags } from '../recovery/names.ts';
import type { Prices } from '../result/prices.ts';
import { readMadeAt } from '../rewind/code.ts';
import { safetyCloneNames } from '../rewind/names.ts';
import type { Traces, Unread } from '../rewind/traces.ts';
import { findAsked } from './asked.ts';

/** `execution`: its ARN. The rest as far as its input tells: `to` is the time asked for, ISO 8601, `confirm` its code. */
export type Sought = { execution: string; source: string | null; to: string | null; confirm: string | null };

type Verbs = Pick<Aurora, 'listClusters' | 'listInstances' | 'listBacktracks'>;

/** Looks for what a rewind has left: its clone, and the rewind of production. What cannot be read hides nothing else. */
export const findTraces = async (aurora: Verbs, sought: Sought, prices: Prices): Promise<Traces> => {
  const listed = await orUnread(() => aurora.listClusters());
  const clusters = 'unread' in listed ? [] : listed.clusters;
  const clone = clusters.find((one) => isMadeBy(one, sought)) ?? clusters.find((one) => isSame(one, sought));
  return {
    clone:
      clone === undefined
        ? findUnread(listed, sought)
        : await orUnread(() => describeCluster(aurora, clone, prices)),
    status: clusters.find(({ identifier }) => identifier === sought.source)?.status ?? null,
    rewind: await orUnread(() => findRewind(aurora, sought, clone)),
  };
};

/** Null: had there been a clone, it would have been seen. */
const findUnread = (listed: ClusterList | Unread, sought: Sought): Unread | null => {
  if ('unread' in listed) return listed;
  const hidden = listed.unreadable.find(({ cluster }) => cluster === nameClone(sought));
  return hidden === undefined ? null : { unread: hidden.reason };
};

const nameClone = ({ source, confirm }: Sought): string | null => {
  const madeAt = confirm === null ? null : readMadeAt(confirm);
  return source === null || madeAt === null ? null : safetyCloneNames(source, madeAt).cluster;
};

/** Another start with the same code made it. */
const isSame = ({ identifier, tags }: Cluster, sought: Sought): boolean =>
  identifier === nameClone(sought) && tags[recoveredTags.source] === sought.source;

const findRewind = async (
  aurora: Verbs,
  { source, to, confirm }: Sought,
  clone: Cluster | undefined,
): Promise<Traces['rewind']> => {
  if (source === null || to === null || confirm === null)
    return { unread: 'its input does not tell which cluster, which time and which code' };
  const all = await aurora.listBacktracks(source);
  const asked = findAsked(all, { to, confirm, clone }) ?? null;
  const later = asked && all.find(({ requestedAt }) => isAfter(requestedAt, asked.requestedAt));
  return { asked, later: later ?? null };
};

const orUnread = async <Answer>(read: () => Promise<Answer>): Promise<Answer | Unread> => {
  try {
    return await read();
  } catch (error) {
    if (!isDrillError(error)) throw error;
    return { unread: error.summary };
  }
};
