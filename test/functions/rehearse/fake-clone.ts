import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbedServer, Target } from '../../../shared/probing/port.ts';
import type { ReachClone } from '../../../shared/rehearsing/reach.ts';

const nothing = { tables: new Map(), locks: [], logPosition: 0, invalid: [] };

/** A server on which every statement runs at once, and blocks nobody. */
const makeServer = (ran: (sql: string) => Promise<void>, closed: () => void): ProbedServer => {
  let next = '';
  return {
    engine: 'aurora-postgresql',
    version: '17.7',
    catalog: {
      dialect: 'postgres',
      searchPath: ['public'],
      tables: ['public.users'],
      others: [],
      partitions: [],
      foreignKeys: [],
    },
    notMeasured: [],
    conflicts: { read: [], write: [], row: [] },
    openChange: async () => ({
      prepare: async ({ sql }) => {
        next = sql;
        return nothing;
      },
      execute: async () => {
        await ran(next);
        return null;
      },
      conclude: async () => ({ look: nothing, refusal: null, algorithm: null, notMeasured: [] }),
      isInTransaction: () => false,
      rollBack: async () => {},
    }),
    openProbe: async () => ({ attempt: async () => {}, close: async () => {} }),
    openContender: async (tables) => ({ tables: [...tables], end: async () => {} }),
    cancel: async () => {},
    terminate: async () => {},
    readLocks: async () => [],
    close: async () => closed(),
  };
};

type Clone = {
  /** What the server says that it is; by default the writer of the cluster that it is in. */
  name?: string | null;
  /** Called with each statement before it runs. */
  onStatement?: (sql: string) => Promise<void>;
};

/** Clones that can be reached: each cluster has one mark, whoever asks. `seen` is what was done in all of them. */
export const makeReach = ({ name, onStatement = async () => {} }: Clone = {}) => {
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
          const [cluster = ''] = target.host.split('.');
          return {
            readName: async () => (name === undefined ? `${cluster}-writer` : name),
            begin: async () => {
              const isFirst = !begun.has(cluster);
              begun.add(cluster);
              return isFirst;
            },
            close: async () => closed(),
          };
        },
      },
      probing: {
        open: async (target) => {
          opened(target);
          return makeServer(async (sql) => {
            await onStatement(sql);
            seen.ran.push(sql);
          }, closed);
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
