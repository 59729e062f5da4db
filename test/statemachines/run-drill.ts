import { startExecution, type World } from '../../local/machine/drill.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Reader } from '../../shared/database/port.ts';
import { DrillError, type ErrorName } from '../../shared/errors.ts';
import { targetNames } from '../../shared/job/names.ts';
import type { Message } from '../../shared/messages/message.ts';
import { plansText } from '../local/world.ts';
import { testPrices } from '../shared/result/prices-fixture.ts';

let executions = 0;

export type DrillOptions = {
  input?: unknown;
  name?: string;
  plans?: string;
  /** Replaces verbs of a port for this drill only. */
  aurora?: Partial<World['aurora']>;
  database?: World['database'];
  notify?: World['notify'];
  now?: World['now'];
};

/** Of a world with servers, or of a model. */
export type Ports = Pick<World, 'aurora' | 'database'>;

/** Runs one drill with the real state machine, without pauses. */
export const runDrill = async (world: Ports, options: DrillOptions = {}) => {
  executions++;
  const messages: Message[] = [];
  const states: string[] = [];
  const execution = await startExecution({
    name: options.name ?? `local-test-${executions}`,
    input: options.input ?? {},
    waitMs: 5,
    onState: (name) => states.push(name),
    world: {
      aurora: { ...world.aurora, ...options.aurora },
      database: options.database ?? world.database,
      notify: options.notify ?? (async (message) => void messages.push(message)),
      readPlans: async () => options.plans ?? plansText,
      placeOf: () => 'drill-reports/report.html',
      file: async () => {},
      readPosture: async () => null,
      metrics: { publish: async () => {}, read: async () => [] },
      prices: () => testPrices,
      onCheck: () => {},
      teardownMinutes: 60,
      now: options.now ?? systemClock,
      pause: async () => {},
      warn: () => {},
    },
  });
  const { result, hasSucceeded } = await execution.finished;
  const target = result.target ?? targetNames('prod-shop', result.drillId).cluster;
  const left = [await world.aurora.findCluster(target), ...(await world.aurora.listInstances(target))];
  return { result, hasSucceeded, messages, states, isGone: left.every((found) => found === undefined) };
};

export const failWith = (name: ErrorName) => (): Promise<never> =>
  Promise.reject(new DrillError(name, `injected ${name}`));

/** Fails so many times, then does what it should. */
export const failFirst = <Parameters extends unknown[], Answer>(
  times: number,
  name: ErrorName,
  act: (...parameters: Parameters) => Promise<Answer>,
) => {
  let left = times;
  return async (...parameters: Parameters): Promise<Answer> => {
    if (left-- > 0) throw new DrillError(name, `injected ${name}`);
    return act(...parameters);
  };
};

/** A database whose readers differ from the real ones, from the given reader on: the first two read production. */
export const databaseWith = (
  world: Ports,
  change: (reader: Reader) => Partial<Reader>,
  from = 1,
): World['database'] => {
  let opened = 0;
  return {
    open: async (address, options) => {
      opened++;
      const reader = await world.database.open(address, options);
      return opened < from ? reader : { ...reader, ...change(reader) };
    },
  };
};
