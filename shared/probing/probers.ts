import { describeError } from '../errors.ts';
import type { Stretch } from '../rehearsal/measured.ts';
import type { Probe, ProbedServer, ProbeKind } from './port.ts';
import { type Time, waitAtMost } from './time.ts';

/** A probe that did not get through at once. */
export type Wait = Stretch & { table: string; kind: ProbeKind };

export type Probers = {
  waits: Wait[];
  /** Tables that are probed in part or not at all, each with a sentence that says why. */
  untold: { table: string; reason: string }[];
  /** Waits until every probe has got through that is on its way, for a while. */
  settle(): Promise<void>;
  stop(): Promise<void>;
};

/** Each takes three sessions. */
const mostTables = 8;

/** A lock of 20 ms has to meet a probe. One of a row costs some log, and rows stay locked until a commit. */
const pauseMs: Record<ProbeKind, number> = { read: 10, write: 10, row: 50 };

/** Somebody else on the copy may keep a probe waiting, and nobody waits for that. */
const mostSettleMs = 5000;

/** A busy machine answers later than at once by itself. */
const leastWaitMs = 5;

const uses: Record<ProbeKind, string> = { read: 'reads', write: 'writes', row: 'writes of single rows' };
const kinds = Object.keys(pauseMs) as ProbeKind[];

/**
 * Probes each table from now on, in sessions of their own.
 * @param onStuck is called when a probe does not get through at once
 */
export const startProbers = async (
  server: ProbedServer,
  tables: readonly string[],
  onStuck: () => void,
  time: Time,
): Promise<Probers> => {
  const waits: Wait[] = [];
  const untold = tables.slice(mostTables).map((table) => ({
    table,
    reason: `blocked reads and writes of ${table} were not measured: ${mostTables} tables are probed at most`,
  }));
  const started = await Promise.all(
    tables.slice(0, mostTables).flatMap((table) =>
      kinds.map(async (kind) => {
        const told: Told = {
          onStuck,
          onWait: (wait) => waits.push({ table, kind, ...wait }),
          onFailure: (error) =>
            untold.push({
              table,
              reason: `blocked ${uses[kind]} of ${table} were not measured to the end: ${describeError(error)}`,
            }),
        };
        try {
          const probe = await server.openProbe(table, kind);
          return probe === null ? [] : [keepProbing(probe, pauseMs[kind], told, time)];
        } catch (error) {
          told.onFailure(error);
          return [];
        }
      }),
    ),
  );
  const probers = started.flat();
  return {
    waits,
    untold,
    settle: async () => {
      await Promise.all(probers.map(({ settle }) => settle()));
    },
    stop: async () => {
      await Promise.all(probers.map(({ stop }) => stop()));
    },
  };
};

type Told = { onStuck(): void; onWait(wait: Stretch): void; onFailure(error: unknown): void };

const keepProbing = (probe: Probe, restMs: number, { onStuck, onWait, onFailure }: Told, time: Time) => {
  const { nowMs, sleep } = time;
  let isStopping = false;
  let attempt: Promise<void> = Promise.resolve();
  /** Which attempt is on its way; 0 between two. */
  let current = 0;
  const attemptOnce = async (number: number): Promise<void> => {
    const fromMs = nowMs();
    current = number;
    void sleep(leastWaitMs).then(() => {
      if (current === number) onStuck();
    });
    await probe.attempt();
    current = 0;
    const toMs = nowMs();
    if (toMs - fromMs >= leastWaitMs) onWait({ fromMs, toMs });
  };
  const probing = (async () => {
    for (let number = 1; !isStopping; number++) {
      attempt = attemptOnce(number);
      await attempt;
      await sleep(restMs);
    }
  })().catch(onFailure);
  return {
    settle: () => waitAtMost(mostSettleMs, attempt, time),
    stop: async () => {
      isStopping = true;
      await waitAtMost(mostSettleMs, probing, time);
      await probe.close();
    },
  };
};
