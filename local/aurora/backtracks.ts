import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Backtrack, Backtracking, BacktrackVerbs } from '../../shared/aurora/backtracks.ts';
import { addSeconds, type Clock, isAfter, toIso, toWholeSecond } from '../../shared/instants.ts';
import type { Rewinding, Source } from '../sources/source.ts';
import { findEarliest } from './backtrack-window.ts';
import { assertStatus, refusal } from './refusal.ts';

/** What can go wrong with a rewind. */
export const backtrackFaults = {
  'lost-answer': 'the rewind begins, and the answer to the call is lost',
  failed: 'the rewind fails; the cluster is as it was',
  'other-time': 'the cluster comes back as of some seconds after the time asked for',
  overtaken: 'the window moves past the time asked for just before the call',
} as const;

export type BacktrackFault = keyof typeof backtrackFaults;

export type BacktrackSettings = {
  targetSeconds: number;
  /** Of logs in its store. Left out: there is always room. */
  capacityBytes?: number;
  /** The cluster is said to be so much older, with the rows that it begins with. Nobody here waits for minutes to spare. */
  olderSeconds?: number;
  /** RDS says that the binary log is on. The server here always writes one, since it is recovered from it. */
  hasBinlogConsumers?: boolean;
  fault?: BacktrackFault | null;
};

export type Backtracks = BacktrackVerbs & {
  /** What Backtrack says of the source. Its instances have the same status. */
  describe(): { status: string; createdAt: string; backtrack: Backtrack | null };
};

export type BacktracksOptions = {
  settings: BacktrackSettings | null;
  sourceIdentifier: string;
  source: Pick<Source, 'createdAt' | 'archive' | 'rewinding'>;
  now: Clock;
  /** How long a rewind is pending, in milliseconds. */
  pendingMs: number;
  onEvent: (text: string) => void;
};

/** Longer than anybody needs to break something after a mark. */
const otherTimeSeconds = 10;

/** The rewinds of the source. Only a source that is started with Backtrack has any. */
export const createBacktracks = (options: BacktracksOptions): Backtracks => {
  const { settings, sourceIdentifier, source, now, pendingMs, onEvent } = options;
  const { rewinding } = source;
  const makeOlder = (instant: string): string => addSeconds(instant, -(settings?.olderSeconds ?? 0));
  const createdAt = makeOlder(source.createdAt);
  const all: Backtracking[] = [];
  let status: 'available' | 'backtracking' = 'available';
  let fault = settings?.fault ?? null;
  /** Everything before is no longer in the store. */
  let lostUntil = makeOlder(source.archive.earliestRestorableTime);

  const describeWindow = (): Backtrack | null => {
    if (settings === null || rewinding === undefined) return null;
    const { targetSeconds, capacityBytes: capacity = Number.POSITIVE_INFINITY } = settings;
    const store = { createdAt: Date.parse(lostUntil), targetSeconds, capacity };
    const earliest = findEarliest(store, rewinding.listRates(), now().getTime());
    return { targetSeconds, earliestTime: toWholeSecond(toIso(new Date(earliest))) };
  };

  const assertInWindow = (what: string, to: string): void => {
    const earliest = describeWindow()?.earliestTime;
    const latest = toIso(now());
    if (earliest && !isAfter(earliest, to) && !isAfter(to, latest)) return;
    const window = `the Backtrack window, ${earliest} to ${latest}`;
    throw refusal(what, 'InvalidParameterValue', `${to} is not in ${window}`);
  };

  /** Each fault strikes once. */
  const takeFault = (): BacktrackFault | null => {
    const taken = fault;
    fault = null;
    return taken;
  };

  const apply = async (one: Backtracking, way: Rewinding, struck: BacktrackFault | null): Promise<void> => {
    const to = struck === 'other-time' ? addSeconds(one.to, otherTimeSeconds) : one.to;
    try {
      await sleep(pendingMs);
      one.status = 'applying';
      Object.assign(one, await way.rewind(to, struck === 'failed'), { status: 'completed' });
    } catch (error) {
      one.status = 'failed';
      onEvent(`${sourceIdentifier}: ${(error as Error).message}`);
    }
    status = 'available';
  };

  return {
    describe: () => ({ status, createdAt, backtrack: describeWindow() }),
    listBacktracks: async (identifier) => (identifier === sourceIdentifier ? structuredClone(all) : []),
    listClusterEvents: async ({ cluster, from, to }) => {
      const isAsked = cluster === sourceIdentifier && !isAfter(from, createdAt) && !isAfter(createdAt, to);
      // No event begins or ends a rewind.
      return isAsked ? [{ at: createdAt, message: 'DB cluster created' }] : [];
    },
    listBlueGreens: async () => [],
    backtrackCluster: async ({ cluster, to }) => {
      const what = `rewind ${cluster} to ${to}`;
      if (cluster !== sourceIdentifier || settings === null || rewinding === undefined) {
        throw refusal(what, 'InvalidParameterValue', `Backtrack is not enabled for ${cluster}`);
      }
      assertStatus(what, { status }, 'available');
      if (settings.hasBinlogConsumers) {
        throw refusal(what, 'InvalidParameterCombination', `${cluster} writes a binary log: only with Force`);
      }
      const struck = takeFault();
      if (struck === 'overtaken') lostUntil = addSeconds(to, 1);
      assertInWindow(what, to);
      if (!(await rewinding.isReachable(to))) {
        const answer = `${to} is no longer there: what was written after a rewind replaced it`;
        throw refusal(what, 'InvalidParameterValue', answer);
      }
      // Somebody may have begun another one in the meantime.
      assertStatus(what, { status }, 'available');
      status = 'backtracking';
      const requestedAt = toIso(now());
      const one = { identifier: randomUUID(), to, from: null, requestedAt, status: 'pending' };
      all.push(one);
      void apply(one, rewinding, struck);
      if (struck === 'lost-answer') throw refusal(what, 'TimeoutError', 'the answer was lost');
      return structuredClone(one);
    },
  };
};
