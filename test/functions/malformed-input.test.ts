import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { prepareDrill } from '../../functions/drill/prepare-drill.ts';
import { sweepLeftovers } from '../../functions/monitors/sweep-leftovers.ts';
import { errorCatalog, isDrillError } from '../../shared/errors.ts';
import { jobId, tagsOf, targetNames } from '../../shared/job/names.ts';
import { parsePlans } from '../../shared/plan/plans.ts';
import { makeCluster } from '../shared/aurora/cluster-fixture.ts';
import { makePassedDrill } from '../shared/drill/state-fixture.ts';
import * as rds from '../shared/monitors/rds-event-fixture.ts';
import { testPrices } from '../shared/result/prices-fixture.ts';
import { clockAt, makeAurora, makeInstance } from './fakes.ts';
import { makeMysql, runBacktrackWindow } from './monitors/backtrack-world.ts';

const numRuns = 800;
const { execution } = makePassedDrill();

/** No input may cause an error that is not in the catalog. @returns the answer, or the error's name */
const answerOf = async <Answer>(work: () => Answer | Promise<Answer>) => {
  try {
    return { answer: await work(), name: null };
  } catch (error) {
    if (!isDrillError(error) || !Object.hasOwn(errorCatalog, error.name)) throw error;
    return { answer: null, name: error.name };
  }
};

/** Counts how runs ended: the fuzz must reach each end. */
const makeCounter = () => {
  const seen: string[] = [];
  const timesOf = (end: string) => seen.filter((each) => each === end).length;
  const expectEach = (...ends: string[]) => expect(ends.filter((end) => timesOf(end) === 0)).toEqual([]);
  return { count: (end: string) => seen.push(end), expectEach };
};

const huge = 'x'.repeat(50_000);
const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'toJSON', 'plan', 'source', '', huge];
const oddValues = [null, undefined, '', huge, 0, -1, 1e308, true, [], {}, [null], 'constructor', 'main'];
const others = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(...oddValues));
const acts = fc.constantFrom('replace', 'delete', 'add');
const change = fc.tuple(acts, fc.nat(100), fc.constantFrom(...keys), others);
type Change = typeof change extends fc.Arbitrary<infer Made> ? Made : never;
type Keyed = Record<string, unknown>;

const isKeyed = (value: unknown): value is Keyed => typeof value === 'object' && value !== null;
const listPlaces = (at: Keyed): [Keyed, string][] =>
  Object.entries(at).flatMap(([name, inside]) => [
    [at, name],
    ...(isKeyed(inside) ? listPlaces(inside) : []),
  ]);

/** The value with one thing in it replaced or left out, or with one more key, at any depth. */
const mutate = (value: unknown, [act, at, key, other]: Change): unknown => {
  const root: Keyed = { value: structuredClone(value) };
  const places = listPlaces(root);
  const [holder, name] = places[at % places.length] ?? [root, 'value'];
  const inside = holder[name];
  // JSON.parse makes __proto__ an ordinary property, so define it.
  const property = { value: other, enumerable: true, configurable: true, writable: true };
  if (act === 'delete' && holder !== root) delete holder[name];
  else if (act === 'add' && isKeyed(inside)) Object.defineProperty(inside, key, property);
  else Object.defineProperty(holder, name, property);
  return JSON.parse(JSON.stringify(root)).value;
};

/** One of these with up to three changes, or any JSON at all. */
const mutationsOf = (...originals: unknown[]): fc.Arbitrary<unknown> => {
  const changes = fc.array(change, { maxLength: 3 });
  const mutated = fc.tuple(fc.constantFrom(...originals), changes);
  const made = mutated.map(([original, some]) => some.reduce<unknown>(mutate, original));
  return fc.oneof({ weight: 9, arbitrary: made }, { weight: 1, arbitrary: fc.jsonValue() });
};

const get = (value: unknown, ...path: string[]): unknown =>
  path.reduce((part, key) => (part as Keyed | null | undefined)?.[key], value);

afterEach(() => expect(Object.keys(Object.prototype)).toEqual([]));

const source = makeCluster();
const planOf = (identifier: string) => ({ source: identifier, database: { name: 'app', user: 'reader' } });
const plans = JSON.stringify({ plans: { main: planOf(source.identifier), other: planOf('billing') } });
const readPlans = async () => plans;

const prepare = (input: unknown) => {
  const aurora = makeAurora({
    findCluster: async (identifier) => (identifier === source.identifier ? source : undefined),
    listInstances: async () => [makeInstance('prod-aurora-main-1')],
    listClusterParameters: async () => [],
  });
  const deps = { aurora, readPlans, teardownMinutes: 60, now: clockAt('08:00:01') };
  return prepareDrill({ execution: { ...execution, input } }, deps);
};

test('any execution input: prepared as it says, to the letter, or refused by name', async () => {
  const { count, expectEach } = makeCounter();
  const window = { min: new Date('2026-11-08'), max: new Date('2026-11-17'), noInvalidDate: true };
  const dates = fc.tuple(fc.date(window), fc.constantFrom('Z', '.000Z', '-23:59', '+05:30', ''));
  const instants = dates.map(([date, end]) => date.toISOString().replace(/\..*/, end));
  const whole = { plan: 'main', restoreTo: '2026-11-12T02:13:00Z', reason: 'rehearse', dryRun: true };
  const [other, consoleDefault] = [{ plan: 'other' }, { Comment: 'Insert your JSON here' }];
  const inputs = fc.oneof(
    { weight: 4, arbitrary: mutationsOf({}, { plan: 'main' }, other, whole, consoleDefault) },
    { weight: 1, arbitrary: instants.map((restoreTo) => ({ plan: 'main', restoreTo })) },
  );
  await fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      const { answer, name } = await answerOf(() => prepare(input));
      count(name ?? 'prepared');
      const { plan, restoreTo, reason = null, dryRun = false, ...more } = isKeyed(input) ? input : {};
      const isDefault = JSON.stringify(input) === JSON.stringify(consoleDefault);
      const isOdd = Object.keys(more).length > 0 && !isDefault;
      if (isOdd || !isKeyed(input)) expect(name).toBe('InvalidInput');
      if (name === 'SourceNotFound') expect(plan).toBe('other');
      if (answer === null) return;
      expect({ plan: answer.plan, dryRun: answer.dryRun, more }).toEqual({ plan, dryRun, more: {} });
      expect(answer.trigger.reason).toBe(reason);
      expect(Date.parse(answer.restoreTo ?? '')).toBe(Date.parse(String(restoreTo)));
    }),
    { numRuns },
  );
  expectEach('prepared', 'InvalidInput', 'UnknownPlan', 'SourceNotFound', 'RestoreTimeOutsideWindow');
});

const plansYml = readFileSync(new URL('../../plans.yml', import.meta.url), 'utf8').replace(/ *#.*\n/g, '\n');
const tokens = [
  ...['\n', '\n    ', '  ', ': ', '- ', ', ', '{', '}', '[', ']', '"', "'", '|\n', '? ', '#', '\t', '\u0000'],
  ...['&a ', '*a', '*b', '<<: *a', '!!binary ', '!!set ', '!t ', '%YAML 9\n', '---\n', '...\n', '~', 'null'],
  ...['.inf', '.nan', '0x1F', '-1', '1e999', '2026-01-01', '9'.repeat(400), '😀', '__proto__: '],
  ...['drill-', 'source: ', 'schedule: rate(1 day)', 'checksum: full', 'tables: [a, b]', 'tolerance: 1e1%'],
];

test('any plans file: read, with sources that no drill can delete, or refused by name', async () => {
  const warnings = vi.spyOn(process, 'emitWarning').mockReturnValue();
  const { count, expectEach } = makeCounter();
  const edit = fc.tuple(fc.nat(plansYml.length), fc.nat(5), fc.constantFrom('', ...tokens));
  type Edit = [number, number, string];
  const apply = (text: string, [at, cut, put]: Edit) => text.slice(0, at) + put + text.slice(at + cut);
  const start = fc.constantFrom(plansYml, plansYml, plansYml.replace('source: ', 'source: drill-'));
  const edited = fc.tuple(start, fc.array(edit, { maxLength: 4 }));
  const salad = fc.array(fc.constantFrom(...tokens)).map((parts) => `plans: ${parts.join('')}`);
  const plans = edited.map(([base, edits]) => edits.reduce(apply, base));
  const texts = fc.oneof({ weight: 6, arbitrary: plans }, salad, fc.string({ unit: 'binary' }), fc.json());
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const { answer, name } = await answerOf(() => parsePlans(text, 'plans.yml'));
      count(name ?? 'read');
      for (const plan of Object.values(answer ?? {})) expect(plan.source).toMatch(/^(?!drill-)[a-z][\w-]*$/i);
    }),
    { numRuns },
  );
  expectEach('read', 'InvalidPlan');
  warnings.mockRestore();
});

const endless = ['plans: { main: &a { source: *a } }', 'plans: &a { main: { source: *a } }', '&a [*a]'];
test.each(endless)('a plans file that holds itself, %s: InvalidPlan', (text) => {
  expect(() => parsePlans(text, 'plans.yml')).toThrow(expect.objectContaining({ name: 'InvalidPlan' }));
});

const parse = (text: unknown): unknown => {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
};

/** Is an RDS event, or one in its records, about Backtrack on our instance? By its bare keys, without a schema. */
const isTold = (event: unknown): boolean => {
  const records = get(event, 'Records');
  const bodies = Array.isArray(records) ? records.map((record) => parse(get(record, 'Sns', 'Message'))) : [];
  const bridged = [event, ...bodies].filter((body) => get(body, 'source') === 'aws.rds');
  const said = [
    ...bridged.map((body) =>
      ['SourceType', 'SourceIdentifier', 'EventID'].map((key) => get(body, 'detail', key)),
    ),
    ...bodies.map((body) => ['Event Source', 'Source ID', 'Event ID'].map((key) => get(body, key))),
  ];
  const told = /^\["db.instance","prod-mysql-1",".*-EVENT-013[12](?!\d)/i;
  return said.some((words) => told.test(JSON.stringify(words)));
};

/** Counts what cannot be read. Nothing else fails. */
const seeRdsEvent = async (event: unknown) => {
  const { outcome, messages, published } = await runBacktrackWindow(event, { clusters: [makeMysql(9)] });
  if (outcome instanceof Error) throw outcome;
  const unread = outcome.unparsable.length;
  const counted = published.flatMap(({ name, value }) => (name === 'UnparsableRdsEvents' ? value : []));
  expect(counted).toEqual(unread > 0 ? [unread] : []);
  return { messages, end: messages.length > 0 ? 'told' : unread > 0 ? 'counted' : 'left aside' };
};

test('any event of RDS: people hear of an instance only if it tells so, and what cannot be read is counted', async () => {
  const { count, expectEach } = makeCounter();
  const aside = ['RDS-EVENT-0006', 'RDS-EVENT-01310'].map((id) => rds.eventBridgeEvent(id));
  const whole = mutationsOf(...aside, rds.subscriptionBody(), rds.clusterBody(), rds.eventBridgeEvent());
  const bodies = fc.oneof(whole, fc.constantFrom(rds.firstMessage, '{', '')).map((body) => body ?? '');
  const records = fc.array(fc.oneof(bodies.map(rds.snsRecord), others), { minLength: 1, maxLength: 3 });
  const events = fc.oneof(
    mutationsOf(rds.eventBridgeEvent(), rds.schedulerEvent(), rds.snsEvent(rds.subscriptionBody())),
    records.map((sent) => ({ Records: sent })),
  );
  await fc.assert(
    fc.asyncProperty(events, async (event) => {
      const { end, messages } = await seeRdsEvent(event);
      expect(messages.length).toBeLessThanOrEqual(isTold(event) ? 1 : 0);
      count(end);
    }),
    { numRuns },
  );
  expectEach('told', 'counted', 'left aside');
});

const statusChange = 'Step Functions Execution Status Change';
const stateMachineArn = 'arn:aws:states:eu-west-1:111122223333:stateMachine:aurora-drills';
/** The sample of an aborted execution (Step Functions guide, "Automating ... with EventBridge"), with our ARNs. */
const makeStatusEvent = (changes: Keyed = {}) => ({
  ...{ version: '0', id: '315c1398-40ff-a850-213b-158f73e60175', time: '2019-02-26T19:42:21Z' },
  ...{ source: 'aws.states', 'detail-type': statusChange, resources: [execution.id] },
  ...{ account: '111122223333', region: 'eu-west-1' },
  detail: {
    ...{ executionArn: execution.id, stateMachineArn, name: execution.name, status: 'ABORTED' },
    ...{ startDate: 1551225014968, stopDate: 1551225017576, input: '{"plan":"main"}' },
    ...{ inputDetails: { included: true }, output: null, outputDetails: null, ...changes },
  },
});

/** A sweep over one orphan. @returns the error's name, and every call in order */
const sweepOne = async (event: unknown) => {
  const arn = `${execution.id}-2`;
  const id = jobId(arn);
  const tags = tagsOf({
    kind: 'drill',
    id,
    source: source.identifier,
    execution: arn,
    expires: '2026-11-16T10:00:00Z',
  });
  const orphan = makeCluster({ identifier: targetNames(source.identifier, id).cluster, tags });
  const log: string[] = [];
  const record = (word: string) => async (): Promise<void> => void log.push(word);
  const { name } = await answerOf(() =>
    sweepLeftovers(event, {
      aurora: makeAurora({
        listClusters: async () => ({ clusters: [orphan], unreadable: [] }),
        listManualSnapshots: async function* () {},
        findCluster: async () => orphan,
        listInstances: async () => [],
        deleteCluster: record('delete'),
      }),
      executions: { findStatus: async () => 'ended' },
      metrics: { publish: record('publish') },
      notify: record('tell'),
      reports: { read: async () => null },
      placeOf: (key) => key,
      readPlans,
      stateMachineArns: () => [stateMachineArn],
      recoverMachineArn: () => `${stateMachineArn}-recover`,
      rewindMachineArn: () => `${stateMachineArn}-rewind`,
      prices: () => testPrices,
      now: clockAt('09:00'),
    }),
  );
  return { name, log: log.join(', ') };
};

/** How a call of the sweeper should end, by its bare keys, without a schema. */
const readEnd = (event: unknown): { name: string | null; log: string } => {
  const end = (log: string, name: string | null = null) => ({ name, log });
  const [swept, refused] = [end('delete, publish'), end('', 'InvalidInput')];
  const { source: from, dryRun = false, ...more } = (event ?? { none: event }) as Keyed;
  if (from === 'aws.scheduler') return swept;
  if (from === undefined) {
    const isRight = isKeyed(event) && !Array.isArray(event) && Object.keys(more).length === 0;
    return !isRight || typeof dryRun !== 'boolean' ? refused : dryRun ? end('') : swept;
  }
  const { executionArn, name, status, input, error, cause } = (get(event, 'detail') ?? {}) as Keyed;
  const isText = [executionArn, name].every((text) => typeof text === 'string' && text !== '');
  const isTextOrNone = [input, error, cause].every((text) => typeof (text ?? '') === 'string');
  const isBad = ['FAILED', 'TIMED_OUT', 'ABORTED'].some((bad) => bad === status);
  const isKnown = isBad || ['RUNNING', 'SUCCEEDED', 'PENDING_REDRIVE'].some((known) => known === status);
  const isStatus = from === 'aws.states' && get(event, 'detail-type') === statusChange;
  if (!isStatus || !isText || !isTextOrNone || !isKnown) return refused;
  return isBad && executionArn === execution.id ? end('tell, delete, publish') : swept;
};

test('any call of the sweeper: swept as it says, or InvalidInput before anything is asked of anybody', async () => {
  const { count, expectEach } = makeCounter();
  const [aborted, ended] = ['ABORTED', 'SUCCEEDED'].map((status) => makeStatusEvent({ status }));
  const events = mutationsOf(aborted, aborted, ended, rds.schedulerEvent(), {}, { dryRun: true });
  await fc.assert(
    fc.asyncProperty(events, async (event) => {
      const { name, log } = await sweepOne(event);
      expect({ name, log }).toEqual(readEnd(event));
      count(name ?? (log || 'dry run'));
    }),
    { numRuns },
  );
  expectEach('InvalidInput', 'dry run', 'delete, publish', 'tell, delete, publish');
});

const deep: unknown = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000));
const deepEvent = rds.eventBridgeEvent('RDS-EVENT-0131', 'prod-mysql-1', { EventID: deep });
test.each<[string, string, () => unknown]>([
  ['an execution input', 'InvalidInput', () => prepare({ plan: deep })],
  ['a sweep by hand', 'InvalidInput', () => sweepOne({ dryRun: deep })],
  ['a status event', 'InvalidInput', () => sweepOne(makeStatusEvent({ name: deep }))],
  ['an event of RDS', 'counted', async () => ({ name: (await seeRdsEvent(deepEvent)).end })],
])('%s of 20,000 lists in each other: %s, as whatever cannot be read', async (_, end, work) => {
  const { answer, name } = await answerOf(work);
  expect(get(answer, 'name') ?? name).toBe(end);
});
