import * as z from 'zod';
import { listProblems } from '../problems.ts';

/**
 * What an event asks for: a look at the clusters of these instances, or, from a schedule, at all clusters. `ignored` has
 * events that do not concern us, in words. `unparsable` has what should have been an RDS event and is not.
 */
export type RdsEvents = {
  isSchedule: boolean;
  instances: string[];
  ignored: string[];
  unparsable: string[];
};

/** The two events of category backtrack: the window is smaller than its target, or has reached it again. */
const backtrackEvents = ['RDS-EVENT-0131', 'RDS-EVENT-0132'];

/** Requires only the fields that are read: no other field may lose an alert. SNS sends its one record as a list. */
const snsEvent = z.looseObject({ Records: z.array(z.unknown()).min(1) });
const snsRecord = z.looseObject({ Sns: z.looseObject({ Message: z.string() }) });

/** Aurora User Guide, "Working with Amazon RDS event notification". The event id is a URL that ends in it. */
const subscriptionMessage = z.looseObject({
  'Event Source': z.string(),
  'Source ID': z.string().min(1),
  'Event ID': z.string(),
});

const eventBridgeEvent = z.looseObject({
  source: z.literal('aws.rds'),
  detail: z.looseObject({
    SourceType: z.string(),
    SourceIdentifier: z.string().min(1),
    EventID: z.string(),
  }),
});

/** What EventBridge Scheduler and EventBridge rules send. */
const scheduledEvent = z.looseObject({
  source: z.enum(['aws.scheduler', 'aws.events']),
  'detail-type': z.literal('Scheduled Event'),
});

/** Reads any event. Never throws. */
export const readRdsEvents = (event: unknown): RdsEvents => {
  const events: RdsEvents = { isSchedule: false, instances: [], ignored: [], unparsable: [] };
  if (scheduledEvent.safeParse(event).success) return { ...events, isSchedule: true };
  const sns = snsEvent.safeParse(event);
  if (sns.success) {
    for (const record of sns.data.Records) readRecord(record, events);
  } else {
    const error = readEventBridge(event, events);
    if (error !== null) {
      events.unparsable.push(`not from SNS, EventBridge or a schedule:\n${listProblems(error, event)}`);
    }
  }
  return { ...events, instances: [...new Set(events.instances)] };
};

const readRecord = (record: unknown, events: RdsEvents): void => {
  const parsed = snsRecord.safeParse(record);
  if (!parsed.success) {
    events.unparsable.push(`not an SNS record:\n${listProblems(parsed.error, record)}`);
    return;
  }
  const text = parsed.data.Sns.Message;
  // The first message of a new subscription is plain text.
  if (!text.trimStart().startsWith('{')) {
    events.ignored.push('a plain-text message, the first that a new subscription sends');
    return;
  }
  const body = parseJson(text);
  const message = subscriptionMessage.safeParse(body);
  if (message.success) {
    const { 'Event Source': source, 'Source ID': identifier, 'Event ID': id } = message.data;
    sortOut({ isInstance: source === 'db-instance', source, identifier, id }, events);
  } else if (readEventBridge(body, events) !== null) {
    events.unparsable.push(`not a message of an RDS subscription:\n${listProblems(message.error, body)}`);
  }
};

/** Through SNS it arrives with its whole envelope. @returns why it is not an RDS event from EventBridge, or null */
const readEventBridge = (event: unknown, events: RdsEvents): z.ZodError | null => {
  const parsed = eventBridgeEvent.safeParse(event);
  if (!parsed.success) return parsed.error;
  const { SourceType: source, SourceIdentifier: identifier, EventID: id } = parsed.data.detail;
  sortOut({ isInstance: source === 'DB_INSTANCE', source, identifier, id }, events);
  return null;
};

type Noticed = { isInstance: boolean; source: string; identifier: string; id: string };

const sortOut = ({ isInstance, source, identifier, id }: Noticed, events: RdsEvents): void => {
  const name = /RDS-EVENT-\d{4}(?!\d)/.exec(id)?.[0];
  if (name === undefined) events.unparsable.push(`its id names no RDS event: ${id.slice(0, 200)}`);
  else if (!backtrackEvents.includes(name))
    events.ignored.push(`${name} of ${identifier}: not about Backtrack`);
  else if (!isInstance) events.ignored.push(`${name} of ${identifier}: a ${source}, not an instance`);
  else events.instances.push(identifier);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
