import type { ChangeSession, LockNow, Look, ProbedServer, Refusal } from '../../../shared/probing/port.ts';
import type { Time } from '../../../shared/probing/time.ts';

/** Time that passes when everybody sleeps. `drive` runs something to its end in it. */
export const startVirtualTime = (): Time & { drive<Answer>(running: Promise<Answer>): Promise<Answer> } => {
  let now = 0;
  const sleepers: { atMs: number; wake(): void }[] = [];
  return {
    nowMs: () => now,
    sleep: (ms) => new Promise((wake) => sleepers.push({ atMs: now + ms, wake })),
    drive: async (running) => {
      let isOver = false;
      const end = () => {
        isOver = true;
      };
      running.then(end, end);
      while (!isOver) {
        await new Promise(setImmediate);
        sleepers.sort((a, b) => a.atMs - b.atMs);
        const next = sleepers.shift();
        now = Math.max(now, next?.atMs ?? now);
        next?.wake();
      }
      return running;
    },
  };
};

export const emptyLook: Look = { tables: new Map(), locks: [], logPosition: 0, invalid: [] };

/** What happened, in words, with the time in milliseconds. */
export type FakeServer = ProbedServer & { events: string[] };

/**
 * A server whose statements are `execute`. `canceled` and `terminated` in what it is given settle when somebody asks for that.
 */
export const fakeServer = (
  { nowMs }: Time,
  execute: (asked: { canceled: Promise<void>; terminated: Promise<void> }) => Promise<Refusal | null>,
  more: {
    readLocks?: () => Promise<LockNow[]>;
    attempt?: () => Promise<void>;
    session?: Partial<ChangeSession>;
  } = {},
): FakeServer => {
  const events: string[] = [];
  const tell = (what: string) => events.push(`${what} at ${nowMs()}`);
  const canceled = Promise.withResolvers<void>();
  const terminated = Promise.withResolvers<void>();
  return {
    events,
    engine: 'aurora-postgresql',
    version: '1',
    catalog: {
      dialect: 'postgres',
      searchPath: [],
      tables: [],
      others: [],
      triggered: [],
      views: [],
      partitions: [],
      foreignKeys: [],
    },
    notMeasured: [],
    conflicts: { read: [], write: [], row: [] },
    openChange: async () => ({
      prepare: async () => emptyLook,
      execute: () => execute({ canceled: canceled.promise, terminated: terminated.promise }),
      conclude: async () => ({ look: emptyLook, refusal: null, algorithm: null, notMeasured: [] }),
      isInTransaction: () => false,
      rollBack: async () => {},
      ...more.session,
    }),
    openProbe: async (_, kind) => ({
      attempt: more.attempt ?? (async () => {}),
      close: async () => void tell(`${kind} probe ended`),
    }),
    openContender: async (tables) => ({ tables: [...tables], end: async () => void tell('contender ended') }),
    cancel: async () => {
      tell('cancelled');
      canceled.resolve();
    },
    terminate: async () => {
      tell('terminated');
      terminated.resolve();
    },
    readLocks: more.readLocks ?? (async () => []),
    close: async () => {},
  };
};
