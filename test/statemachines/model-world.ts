import { sweepLeftovers } from '../../functions/monitors/sweep-leftovers.ts';
import type { BacktrackSettings } from '../../local/aurora/backtracks.ts';
import { createLocalAurora } from '../../local/aurora/clusters.ts';
import { blankCluster } from '../../local/aurora/descriptions.ts';
import { type ExecutionOptions, startExecution, type World } from '../../local/machine/drill.ts';
import { executionArn, stateMachineArn } from '../../local/machine/execution.ts';
import type { ExtractWorld } from '../../local/machine/extract.ts';
import type { RehearsalWorld } from '../../local/machine/rehearse.ts';
import type { Aurora, CopyRequest, Snapshot } from '../../shared/aurora/port.ts';
import { addSeconds, type Clock, toIso } from '../../shared/instants.ts';
import type { ExecutionStatus } from '../../shared/job/executions.ts';
import { jobId, targetNames } from '../../shared/job/names.ts';
import type { RestoreOrigin } from '../../shared/job/origin.ts';
import type { Message } from '../../shared/messages/message.ts';
import type { Sweep } from '../../shared/teardown/sweep.ts';
import { makeSandbox } from '../functions/extract/fake-sandbox.ts';
import { makeDatabase } from '../functions/fakes.ts';
import { makeReach, realTime } from '../functions/rehearse/fake-clone.ts';
import { testPrices } from '../shared/result/prices-fixture.ts';

const source = 'prod-shop';

const writePlans = (from: RestoreOrigin) => `
plans:
  shop:
    source: ${source}
    restore: { from: ${from} }
    database: { name: shop, user: drill_reader }
    checks: { tables: all, tolerance: 0 }
    sandboxes:
      dev: { cluster: dev-aurora, resourceId: cluster-DEV-AURORA, database: sandbox, user: sandbox_writer }
`;

/** How much time passes whenever somebody looks at the clock, so that every wait and deadline comes in no time. */
const tickSeconds = 20;
/** How long a creation or a deletion takes: longer than it takes to come round to the first look at it. */
const workSeconds = 100;
/** How far the restorable time lies behind: some rounds of the wait for it. */
const lagSeconds = 600;

export type ModelWorld = {
  world: World & RehearsalWorld & ExtractWorld;
  /** What stands in the sandbox, by the name of its schema. */
  schemas: ReturnType<typeof makeSandbox>['schemas'];
  aurora: Aurora;
  messages: Message[];
  /** Everything that was asked to change, as "verb identifier". */
  changes: string[];
  now: Clock;
};

/** The verbs that change something. */
export const changing = [
  'backtrackCluster',
  'takeSnapshot',
  'restoreCluster',
  'restoreSnapshot',
  'addWriter',
  'startCluster',
  'liftProtection',
  'setMasterPassword',
  'deleteInstance',
  'deleteCluster',
  'deleteSnapshot',
];

/** Tells which cluster or instance a call would change. */
const nameOf = (argument: unknown): string => {
  if (typeof argument === 'string') return argument;
  const { target, identifier, cluster } = argument as Partial<Record<string, string>>;
  return target ?? identifier ?? cluster ?? '';
};

/** The last instance that somebody has asked for. */
const lastWriter = (changes: readonly string[]): string | null =>
  changes.findLast((change) => change.startsWith('addWriter '))?.split(' ')[1] ?? null;

/** Every page of a listing, at once. */
const collect = async <Page>(pages: AsyncIterable<Page>): Promise<Page[]> => {
  const all: Page[] = [];
  for await (const page of pages) all.push(page);
  return all;
};

/** A restore of a snapshot is another action of RDS. */
const verbOf = (verb: string, argument: unknown): string =>
  verb === 'restoreCluster' && (argument as CopyRequest).kind === 'snapshot' ? 'restoreSnapshot' : verb;

/** Every verb through this: asked for by name, with what it is about. What comes page by page comes all at once. */
export const interceptVerbs = (
  aurora: Aurora,
  intercept: (verb: string, name: string, ask: () => Promise<unknown>) => Promise<unknown>,
): Aurora =>
  Object.fromEntries(
    Object.entries(aurora).map(([verb, ask]) => {
      const pass = (argument: never, act: () => Promise<unknown>) =>
        intercept(verbOf(verb, argument), nameOf(argument ?? ''), act);
      const listAll = async function* (argument: never) {
        yield* (await pass(argument, () => collect(ask(argument) as AsyncIterable<unknown>))) as unknown[];
      };
      const isPaged = verb === 'listSnapshots' || verb === 'listManualSnapshots';
      return [
        verb,
        isPaged ? listAll : (argument: never) => pass(argument, () => ask(argument) as Promise<unknown>),
      ];
    }),
  ) as unknown as Aurora;

/**
 * The local Aurora's statuses and refusals without any server behind them, on a clock of its own.
 * @param backtrack the source is MySQL and has Backtrack
 */
export const makeModelWorld = (from: RestoreOrigin = 'log', backtrack?: BacktrackSettings): ModelWorld => {
  // The execution's own start is real.
  let time = Date.now();
  const waiting = new Map<() => void, number>();
  const now = () => {
    time += tickSeconds * 1000;
    for (const [resolve, due] of waiting) if (due <= time) resolve();
    return new Date(time);
  };
  const work = () =>
    new Promise<void>((resolve) => {
      waiting.set(resolve, time + workSeconds * 1000);
    });
  const local = createLocalAurora({
    engine: backtrack === undefined ? 'postgres' : 'mysql',
    backtrack,
    sourceIdentifier: source,
    source: {
      port: 5432,
      createdAt: '2024-03-01T10:00:00Z',
      archive: { earliestRestorableTime: '2024-03-01T10:00:00Z' },
      latestRestorableTime: () => addSeconds(toIso(new Date(time)), -lagSeconds),
      snapshotTimes: ['2026-01-01T03:00:00Z'],
      takeSnapshot: async () => {
        await work();
        return toIso(new Date(time));
      },
      markPlace: async () => time,
      rewinding: {
        listRates: () => [],
        isReachable: async () => true,
        rewind: async (to, hasEmptyArchive) => {
          const from = toIso(new Date(time));
          await work();
          if (hasEmptyArchive) throw new Error('the archive is empty');
          return { from, to };
        },
      },
    },
    makeServers: () => ({
      recover: () => work().then(() => 5433),
      start: work,
      stop: work,
      addReader: work,
      removeReader: async () => {},
      listReaders: () => [],
      setPassword: work,
      remove: work,
    }),
    fault: null,
    pendingMs: 0,
    onEvent: () => {},
    now,
  });
  const sandbox = { ...blankCluster('postgres', 'dev-aurora', 5434), status: 'available' };
  const plain: Aurora = {
    ...local,
    findCluster: async (name) => (name === sandbox.identifier ? sandbox : local.findCluster(name)),
  };
  const changes: string[] = [];
  const aurora = interceptVerbs(plain, (verb, name, ask) => {
    if (changing.includes(verb)) changes.push(`${verb} ${name}`);
    return ask();
  });
  const rows = { 'public.orders': 3, 'public.users': 5 };
  const { database } = makeDatabase(rows, { readClock: async () => time });
  const { extraction, sandboxes, schemas } = makeSandbox(rows);
  const messages: Message[] = [];
  const { reach } = makeReach({ nameOf: () => lastWriter(changes) });
  const world: ModelWorld['world'] = {
    aurora,
    database,
    notify: async (message) => void messages.push(message),
    readPlans: async () => writePlans(from),
    placeOf: () => 'drill-reports/report.html',
    file: async () => {},
    readPosture: async () => null,
    metrics: { publish: async () => {}, read: async () => [] },
    prices: () => testPrices,
    onCheck: () => {},
    teardownMinutes: 60,
    now,
    pause: async () => {},
    warn: () => {},
    scripts: { read: () => Promise.reject(new Error('there are no scripts here')) },
    secret: () => 'of the model',
    resolve: async () => ['127.0.0.1'],
    reach,
    mostMs: 60_000,
    extraction,
    sandboxes,
    time: realTime,
  };
  return { world, aurora, messages, changes, schemas, now };
};

/** Runs one drill to its end. */
export const drillOnce = async (
  { world }: { world: World },
  name: string,
  options: Partial<ExecutionOptions> = {},
) => (await startExecution({ name, input: {}, waitMs: 1, world, ...options })).finished;

/** What the execution of this name makes. */
export const targetOf = (name: string) => targetNames(source, jobId(executionArn(name)));

/** What somebody asks for who is no drill. */
export const requestOfStranger = (target: string, restoreTo: string): CopyRequest => ({
  kind: 'point-in-time',
  source,
  target,
  restoreTo,
  port: 5432,
  subnetGroup: null,
  securityGroups: [],
  parameterGroup: null,
  capacity: null,
  tags: { team: 'another' },
});

/** A cluster that looks like a drill's and is none, and snapshots of somebody: nobody may touch them. */
export const addStranger = async ({ aurora, now, changes }: ModelWorld): Promise<string> => {
  const target = 'drill-prod-shop-0badcafe';
  await aurora.restoreCluster(requestOfStranger(target, addSeconds(toIso(now()), -2 * lagSeconds)));
  for (const identifier of [`${target}-snapshot`, 'before-migration']) {
    await aurora.takeSnapshot({ cluster: source, identifier, tags: { team: 'another' } });
  }
  await settle({ now });
  changes.length = 0;
  return target;
};

/** Every snapshot of production that there is. */
export const listSnapshots = ({ aurora }: Pick<ModelWorld, 'aurora'>): Promise<Snapshot[][]> =>
  collect(aurora.listSnapshots([source]));

/** What stands of the drill of this name: its cluster, its snapshot, then its instances. */
export const findLeft = async ({ aurora }: Pick<ModelWorld, 'aurora'>, name: string): Promise<string[]> => {
  const { cluster, snapshot } = targetOf(name);
  const found = [
    await aurora.findCluster(cluster),
    await aurora.findSnapshot(snapshot),
    ...(await aurora.listInstances(cluster)),
  ];
  return found.flatMap((one) => one?.identifier ?? []);
};

/** Runs one drill as far as the end of this task, and no further. */
export const drillUntil = async (model: { world: World }, name: string, last: string): Promise<void> => {
  const stopped = Promise.withResolvers<void>();
  void drillOnce(model, name, {
    aroundTask: async (state, run) => {
      const piece = await run();
      if (state !== last) return piece;
      stopped.resolve();
      return new Promise(() => {});
    },
  });
  await stopped.promise;
};

/** Lets what goes on in the background come to its end: some minutes pass. */
export const settle = async ({ now }: Pick<ModelWorld, 'now'>): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) {
    now();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};

/** What a sweep needs of a world, whatever its machine. */
type Swept = Pick<ModelWorld, 'aurora' | 'now'> & { world: Pick<World, 'notify' | 'readPlans' | 'now'> };

/** One sweep of this world. */
export const sweepWorld = (
  { world, aurora }: Swept,
  findStatus: (arn: string) => ExecutionStatus = () => 'ended',
  event: unknown = { source: 'aws.scheduler' },
): Promise<Sweep> =>
  sweepLeftovers(event, {
    aurora,
    executions: { findStatus: async (arn) => findStatus(arn) },
    metrics: { publish: async () => {} },
    notify: world.notify,
    reports: { read: async () => null },
    placeOf: (key) => key,
    readPlans: world.readPlans,
    stateMachineArns: () => [stateMachineArn],
    recoverMachineArn: () => `${stateMachineArn}-recover`,
    rewindMachineArn: () => `${stateMachineArn}-rewind`,
    prices: () => testPrices,
    now: world.now,
  });

/** As the schedule does, until a sweep finds nothing to remove. @throws Error when that never comes */
export const sweepUntilGone = async (model: Swept): Promise<void> => {
  for (let sweeps = 0; sweeps < 20; sweeps += 1) {
    const { removing } = await sweepWorld(model);
    if (removing.length === 0) return;
    await settle(model);
  }
  throw new Error('twenty sweeps, and something is still left');
};
