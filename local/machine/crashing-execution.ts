import prices from '../../config/prices.json' with { type: 'json' };
import type { Snapshot } from '../../shared/aurora/port.ts';
import { systemClock } from '../../shared/clock.ts';
import { DrillError } from '../../shared/errors.ts';
import { parsePrices } from '../../shared/result/prices.ts';
import { localDatabase } from '../aurora/database.ts';
import type { CallAnswer, ChildMessage, CrashOrder } from './crash-messages.ts';
import { startExecution, type World } from './drill.ts';

const report = (message: ChildMessage): void => void process.send?.(message);

/** Calls of AWS go to the process that keeps this machine's Aurora. */
const connect = (): { aurora: World['aurora']; notify: World['notify'] } => {
  const waiting = new Map<number, (answer: CallAnswer) => void>();
  let calls = 0;
  process.on('message', (answer: CallAnswer) => waiting.get(answer.id)?.(answer));
  const ask = (port: 'aurora' | 'notify', verb: string) => async (argument: unknown) => {
    calls += 1;
    const id = calls;
    const answered = new Promise<CallAnswer>((resolve) => waiting.set(id, resolve));
    report({ kind: 'call', id, port, verb, argument });
    const { value, error } = await answered;
    if (error !== undefined) throw new DrillError(error.name, error.summary, { hint: error.hint });
    return value;
  };
  const listSnapshots: World['aurora']['listSnapshots'] = async function* (clusters) {
    yield* (await ask('aurora', 'listSnapshots')(clusters)) as Snapshot[][];
  };
  const aurora = new Proxy({ listSnapshots } as World['aurora'], {
    get: (paged, verb) => Reflect.get(paged, verb) ?? ask('aurora', String(verb)),
  });
  return { aurora, notify: ask('notify', 'notify') as World['notify'] };
};

const run = async (order: CrashOrder): Promise<void> => {
  const { name, input, waitMs, engine, password, lastPhase, plansText, teardownMinutes } = order;
  let isOver = false;
  const execution = await startExecution({
    name,
    input,
    waitMs,
    world: {
      ...connect(),
      database: localDatabase(engine, password),
      readPlans: async () => plansText,
      // It is killed before anybody would read these.
      placeOf: () => '',
      file: async () => {},
      readPosture: async () => null,
      metrics: { publish: async () => {}, read: async () => [] },
      prices: () => parsePrices(prices),
      onCheck: (check) => report({ kind: 'check', check }),
      teardownMinutes,
      now: systemClock,
      pause: async () => {},
      warn: () => {},
    },
    onState: (state, data) => {
      if (isOver) process.kill(process.pid, 'SIGKILL');
      report({ kind: 'state', name: state, state: data });
      isOver = state === lastPhase;
    },
  });
  await execution.finished;
  // It never came to that phase; then after its end.
  process.kill(process.pid, 'SIGKILL');
};

// Without the process that started it there is no Aurora left.
process.on('disconnect', () => process.exit(1));
process.once('message', (order: CrashOrder) => void run(order));
