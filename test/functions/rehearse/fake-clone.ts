import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbedServer, Refusal, Target } from '../../../shared/probing/port.ts';
import type { ReachClone } from '../../../shared/rehearsing/reach.ts';

const users = { storage: '1', bytes: 8192, indexBytes: 8192, rowsScanned: 0 };
const seenNow = { tables: new Map([['public.users', users]]), locks: [], logPosition: 0, invalid: [] };
const lock = {
  relation: 'public.users',
  table: 'public.users',
  mode: 'AccessExclusiveLock',
  isGranted: true,
};

type Run = (sql: string) => Promise<Refusal | null>;

/** A server on which every statement runs at once, and blocks nobody. */
const makeServer = (ran: Run, cancelled: () => void, closed: () => void): ProbedServer => {
  let next = '';
  return {
    engine: 'aurora-postgresql',
    version: '17.7',
    catalog: {
      dialect: 'postgres',
      searchPath: ['public'],
      tables: ['public.users'],
      others: [],
      triggered: [],
      views: [{ name: 'public.seen', readBy: ['public.daily'], namedBy: [] }],
      partitions: [],
      foreignKeys: [],
    },
    notMeasured: [],
    conflicts: { read: [], write: [], row: [] },
    openChange: async () => ({
      prepare: async ({ sql }) => {
        next = sql;
        return seenNow;
      },
      execute: () => ran(next),
      conclude: async () => ({
        look: { ...seenNow, locks: next.startsWith('alter table') ? [lock] : [] },
        refusal: null,
        algorithm: null,
        notMeasured: [],
      }),
      isInTransaction: () => false,
      rollBack: async () => {},
    }),
    openProbe: async () => ({ attempt: async () => {}, close: async () => {} }),
    openContender: async (tables) => ({ tables: [...tables], end: async () => {} }),
    cancel: async () => cancelled(),
    terminate: async () => {},
    readLocks: async () => [],
    close: async () => closed(),
  };
};

type Clone = {
  /** What the server says that it is; by default the writer of the cluster whose endpoint has been reached. */
  nameOf?: (target: Target) => string | null;
  /** Called with each statement before it runs. @returns why it does not */
  onStatement?: Run;
  /** Called when a statement that still runs is asked to end. */
  onCancel?: () => void;
};

const writerOf = ({ host }: Target): string => `${host.split('.')[0]}-writer`;

/** Clones that can be reached, each with a password of its own. `seen` is what was done in all of them. */
export const makeReach = ({
  nameOf = writerOf,
  onStatement = async () => null,
  onCancel = () => {},
}: Clone = {}) => {
  const seen = { passwords: [] as string[], targets: [] as Target[], ran: [] as string[], open: 0 };
  const begun = new Set<string>();
  const opened = (target: Target) => {
    seen.targets.push(target);
    seen.open++;
  };
  const closed = () => void seen.open--;
  const reach: ReachClone = (password) => {
    seen.passwords.push(password);
    return {
      identities: {
        open: async (target) => {
          opened(target);
          return {
            readName: async () => nameOf(target),
            begin: async () => {
              const isFirst = !begun.has(password);
              begun.add(password);
              return isFirst;
            },
            close: async () => closed(),
          };
        },
      },
      probing: {
        open: async (target) => {
          opened(target);
          return makeServer(
            async (sql) => {
              const refusal = await onStatement(sql);
              if (refusal === null) seen.ran.push(sql);
              return refusal;
            },
            onCancel,
            closed,
          );
        },
      },
    };
  };
  return { reach, seen };
};

/** A clock that does not jump, for what is measured. */
export const realTime = {
  nowMs: () => performance.now(),
  sleep: async (ms: number) => void (await sleep(ms)),
};
