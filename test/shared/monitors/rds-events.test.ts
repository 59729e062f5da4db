import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RdsEvents, readRdsEvents } from '../../../shared/monitors/rds-events.ts';
import {
  backtrackEventIds,
  clusterBody,
  eventBridgeEvent,
  firstMessage,
  scheduledRuleEvent,
  schedulerEvent,
  snsEvent,
  snsRecord,
  subscriptionBody,
} from './rds-event-fixture.ts';

const nothing: RdsEvents = { isSchedule: false, instances: [], ignored: [], unparsable: [] };
const found = (...instances: string[]): RdsEvents => ({ ...nothing, instances });

test.each(backtrackEventIds)(
  '%s through SNS, EventBridge, or one after the other: the instance to look at',
  (id) => {
    expect(readRdsEvents(snsEvent(subscriptionBody(id)))).toEqual(found('prod-mysql-1'));
    expect(readRdsEvents(eventBridgeEvent(id))).toEqual(found('prod-mysql-1'));
    expect(readRdsEvents(snsEvent(eventBridgeEvent(id)))).toEqual(found('prod-mysql-1'));
  },
);

test.each([
  ['EventBridge Scheduler', schedulerEvent()],
  ['a rule of EventBridge', scheduledRuleEvent()],
])('%s at its hour: a schedule, and no instance', (_, event) => {
  expect(readRdsEvents(event)).toEqual({ ...nothing, isSchedule: true });
});

const notBacktrack = 'RDS-EVENT-0006 of prod-mysql-1: not about Backtrack';
test.each<[string, unknown, string]>([
  ['an event of another category', snsEvent(subscriptionBody('RDS-EVENT-0006')), notBacktrack],
  ['the same through EventBridge', eventBridgeEvent('RDS-EVENT-0006'), notBacktrack],
  ['an event of a cluster', snsEvent(clusterBody()), 'RDS-EVENT-0071 of prod-mysql: not about Backtrack'],
  [
    'an event of Backtrack, but of a cluster',
    snsEvent(clusterBody('RDS-EVENT-0131')),
    'RDS-EVENT-0131 of prod-mysql: a db-cluster, not an instance',
  ],
  [
    'the same through EventBridge',
    eventBridgeEvent('RDS-EVENT-0132', 'prod-mysql', { SourceType: 'CLUSTER' }),
    'RDS-EVENT-0132 of prod-mysql: a CLUSTER, not an instance',
  ],
  [
    'the first message of a subscription',
    snsEvent(firstMessage),
    'a plain-text message, the first that a new subscription sends',
  ],
  ['an empty message', snsEvent(''), 'a plain-text message, the first that a new subscription sends'],
])('%s: ignored, and the reason says what it is', (_, event, reason) => {
  expect(readRdsEvents(event)).toEqual({ ...nothing, ignored: [reason] });
});

const noRecord = 'not an SNS record:\n';
const noMessage = 'not a message of an RDS subscription:\n';
const neither = 'not from SNS, EventBridge or a schedule:\n';
const missing = 'expected string, but it is missing';
const without = (body: Record<string, unknown>, key: string) => ({ ...body, [key]: undefined });
test.each<[string, unknown, string]>([
  ['nothing', undefined, neither],
  ['null', null, neither],
  ['a sentence', 'RDS-EVENT-0131 prod-mysql-1', neither],
  ['an empty object', {}, neither],
  ['no records at all', { Records: [] }, neither],
  ['records that are none', { Records: 'RDS-EVENT-0131' }, neither],
  ['a schedule of somebody else', { ...schedulerEvent(), source: 'my.app' }, neither],
  ['a scheduler that tells of something else', { ...schedulerEvent(), 'detail-type': 'Other' }, neither],
  ['an event of another service', { ...eventBridgeEvent(), source: 'aws.ec2' }, `${neither}  source`],
  ['an event without detail', { ...eventBridgeEvent(), detail: undefined }, `${neither}  detail`],
  [
    'an event without its source',
    eventBridgeEvent('RDS-EVENT-0131', ''),
    `${neither}  detail.SourceIdentifier`,
  ],
  ['a record of S3', { Records: [{ s3: {} }] }, `${noRecord}  Sns`],
  ['a null for a record', { Records: [null] }, noRecord],
  ['a record without a message', { Records: [{ Sns: {} }] }, `${noRecord}  Sns.Message: ${missing}`],
  ['JSON that is cut', snsEvent(JSON.stringify(subscriptionBody()).slice(0, -2)), noMessage],
  ['another JSON', snsEvent({ AlarmName: 'x' }), noMessage],
  ['a source that is empty', snsEvent(subscriptionBody('RDS-EVENT-0131', '')), `${noMessage}  ["Source ID"]`],
  ...['Event Source', 'Source ID', 'Event ID'].map((key): [string, unknown, string] => [
    `no ${key}`,
    snsEvent(without(subscriptionBody(), key)),
    `${noMessage}  ["${key}"]: ${missing}`,
  ]),
  ['no id of RDS', snsEvent(subscriptionBody('RDS-EVENT-13')), 'its id names no RDS event: http'],
  ['the same through EventBridge', eventBridgeEvent(''), 'its id names no RDS event: '],
])('%s: unparsable, and the reason says where', (_, event, reason) => {
  const { unparsable, ...others } = readRdsEvents(event);
  expect(unparsable).toHaveLength(1);
  expect(unparsable[0]?.startsWith(reason)).toBe(true);
  expect({ ...others, unparsable: [] }).toEqual(nothing);
});

test('an id that only begins as one of Backtrack: no instance, and a reason', () => {
  const { instances, unparsable } = readRdsEvents(snsEvent(subscriptionBody('RDS-EVENT-01310')));
  expect([instances, unparsable]).toEqual([[], [expect.stringContaining('RDS-EVENT-01310')]]);
});

test('an id of 10,000 characters: cut in the reason', () => {
  const { unparsable } = readRdsEvents(eventBridgeEvent('x'.repeat(10_000)));
  expect(unparsable).toEqual([`its id names no RDS event: ${'x'.repeat(200)}`]);
});

const unread = ['Event Time', 'Identifier Link', 'Source ARN', 'Event Message', 'Tags'];
test.each(unread)('a message without %s, or with something odd there: no alert is lost', (key) => {
  for (const value of [undefined, null, 7, { RDS: [] }]) {
    expect(readRdsEvents(snsEvent(subscriptionBody(undefined, undefined, { [key]: value })))).toEqual(
      found('prod-mysql-1'),
    );
  }
});

test('only what is read of SNS and EventBridge, and keys of tomorrow beside it: no alert is lost', () => {
  const message = JSON.stringify({ ...subscriptionBody(), 'Event Severity': 'low' });
  expect(readRdsEvents({ Records: [{ Sns: { Message: message } }], More: 1 })).toEqual(found('prod-mysql-1'));
  const { account, region, resources, time, version, ...event } = eventBridgeEvent('RDS-EVENT-0131', 'a', {
    More: 1,
  });
  expect(readRdsEvents({ ...event, More: 1 })).toEqual(found('a'));
});

describe('several records in one call', () => {
  test('of several instances: each once, in order', () => {
    const bodies = ['b', 'a', 'b'].map((instance) => subscriptionBody('RDS-EVENT-0131', instance));
    expect(readRdsEvents(snsEvent(...bodies))).toEqual(found('b', 'a'));
  });

  test.each<[string, unknown]>([
    ['no record', 7],
    ['a record without message', { Sns: null }],
    ['a record of broken JSON', snsRecord('{')],
    ['a record of another JSON', snsRecord({})],
  ])('%s among good ones: it is unparsable, and they are read', (_, broken) => {
    const good = (instance: string) => snsRecord(subscriptionBody('RDS-EVENT-0132', instance));
    const { unparsable, ...others } = readRdsEvents({ Records: [good('a'), broken, good('b')] });
    expect(unparsable).toHaveLength(1);
    expect(others).toMatchObject({ isSchedule: false, instances: ['a', 'b'], ignored: [] });
  });

  test('good, ignored and broken: each where it belongs', () => {
    const event = snsEvent(firstMessage, subscriptionBody(), clusterBody(), '{', subscriptionBody('x'));
    const { instances, ignored, unparsable } = readRdsEvents(event);
    expect([instances.length, ignored.length, unparsable.length]).toEqual([1, 2, 2]);
  });
});

describe('whatever a function is called with', () => {
  const get = (value: unknown, ...keys: string[]): unknown =>
    keys.reduce((part, key) => (part as Record<string, unknown> | null | undefined)?.[key], value);
  const parse = (text: unknown): unknown => {
    try {
      return JSON.parse(String(text));
    } catch {
      return undefined;
    }
  };
  const isBacktrack = (id: unknown) => typeof id === 'string' && /RDS-EVENT-013[12]/.test(id);

  /** The instances in an event, read another way: by its bare keys, without a schema. */
  const carriedBy = (event: unknown): unknown[] => {
    const records = get(event, 'Records');
    const bodies = (Array.isArray(records) ? records : [])
      .map((record) => parse(get(record, 'Sns', 'Message')))
      .filter((body) => get(body, 'Event Source') === 'db-instance' && isBacktrack(get(body, 'Event ID')))
      .map((body) => get(body, 'Source ID'));
    const isEvent =
      get(event, 'source') === 'aws.rds' && get(event, 'detail', 'SourceType') === 'DB_INSTANCE';
    return isEvent && isBacktrack(get(event, 'detail', 'EventID'))
      ? [...bodies, get(event, 'detail', 'SourceIdentifier')]
      : bodies;
  };

  /** @returns how many instances were found */
  const check = (event: unknown): number => {
    const { isSchedule, instances, ignored, unparsable } = readRdsEvents(event);
    const carried = carriedBy(event);
    for (const instance of instances) expect(carried).toContain(instance);
    expect(isSchedule || instances.length + ignored.length + unparsable.length > 0).toBe(true);
    return instances.length;
  };

  const numRuns = 600;
  const realEvents = fc.oneof(
    fc.constantFrom(...backtrackEventIds, 'RDS-EVENT-0006').map((id) => eventBridgeEvent(id)),
    fc.constantFrom(schedulerEvent(), scheduledRuleEvent()),
    fc
      .array(fc.constantFrom(subscriptionBody(), clusterBody(), firstMessage), { minLength: 1, maxLength: 3 })
      .map((bodies) => snsEvent(...bodies)),
  );

  /** The value with another one put in at the end of an arbitrary path. */
  const mutate = (value: unknown, path: number[], other: unknown): unknown => {
    const [step, ...rest] = path;
    if (step === undefined) return other;
    const inner = typeof value === 'string' ? parse(value) : undefined;
    if (inner) return JSON.stringify(mutate(inner, path, other));
    if (typeof value !== 'object' || value === null) return other;
    const keys = Object.keys(value);
    const key = keys[step % Math.max(keys.length, 1)] ?? 'x';
    const changed = mutate(get(value, key), rest, other);
    return Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed };
  };

  test('any JSON: never an error, never an instance that it does not carry', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (event) => void check(event)),
      { numRuns },
    );
  });

  /** Some of these objects cannot become a text. */
  const oddValues: unknown[] = [
    '',
    'db-instance',
    'RDS-EVENT-0131',
    undefined,
    { toString: 1, valueOf: 2 },
    { toJSON: 1 },
  ];

  test('real events with something in them changed: never an error, never an instance that they do not carry', () => {
    let instances = 0;
    const paths = fc.array(fc.nat(20), { maxLength: 6 });
    const others = fc.oneof(fc.jsonValue(), fc.constantFrom(...oddValues));
    fc.assert(
      fc.property(realEvents, paths, others, (event, path, other) => {
        instances += check(mutate(event, path, other));
      }),
      { numRuns },
    );
    expect(instances).toBeGreaterThan(numRuns / 100);
  });

  test('any message through SNS: never an error, never an instance that it does not carry', () => {
    const messages = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map((text) => `{${text}`),
    );
    const bodies = fc.array(messages, { minLength: 1 });
    fc.assert(
      fc.property(bodies, (texts) => void check(snsEvent(...texts))),
      { numRuns },
    );
  });

  test('any instance and number of an event: the instance for 0131 and 0132, and nothing otherwise', () => {
    const numbers = fc.oneof(fc.constantFrom(131, 132), fc.nat(9999));
    const identifiers = fc.string({ unit: 'binary', minLength: 1, maxLength: 63 });
    fc.assert(
      fc.property(identifiers, numbers, (instance, number) => {
        const id = `RDS-EVENT-${String(number).padStart(4, '0')}`;
        const expected = [131, 132].includes(number) ? [instance] : [];
        expect(readRdsEvents(eventBridgeEvent(id, instance)).instances).toEqual(expected);
        expect(readRdsEvents(snsEvent(subscriptionBody(id, instance))).instances).toEqual(expected);
      }),
      { numRuns },
    );
  });
});
