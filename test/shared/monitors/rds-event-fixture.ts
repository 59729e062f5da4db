/** The messages of category backtrack (Aurora User Guide, "DB instance events"), by the id of their event. */
const backtrackMessages = {
  'RDS-EVENT-0131':
    'The actual Backtrack window is smaller than the target Backtrack window you specified. Consider reducing the number of hours in your target Backtrack window.',
  'RDS-EVENT-0132': 'The actual Backtrack window is the same as the target Backtrack window.',
};

export type BacktrackEventId = keyof typeof backtrackMessages;

export const backtrackEventIds = Object.keys(backtrackMessages) as BacktrackEventId[];

const messageOf = (id: string): string =>
  backtrackMessages[id as BacktrackEventId] ?? 'DB instance restarted';

const account = '123456789012';
const region = 'eu-west-1';
const arnOf = (kind: string, identifier: string) => `arn:aws:rds:${region}:${account}:${kind}:${identifier}`;

/** What an RDS subscription sends, before it becomes a string (Aurora User Guide, USER_Events). */
export const subscriptionBody = (
  id = 'RDS-EVENT-0131',
  instance = 'prod-mysql-1',
  changes: Record<string, unknown> = {},
): Record<string, unknown> => ({
  'Event Source': 'db-instance',
  'Event Time': '2026-11-20 03:15:00.123',
  'Identifier Link': `https://console.aws.amazon.com/rds/home?region=${region}#dbinstance:id=${instance}`,
  'Source ID': instance,
  'Source ARN': arnOf('db', instance),
  'Event ID': `http://docs.amazonwebservices.com/AmazonRDS/latest/UserGuide/USER_Events.html#${id}`,
  'Event Message': messageOf(id),
  Tags: {},
  ...changes,
});

/** The same for a whole cluster: another category and another source. */
export const clusterBody = (id = 'RDS-EVENT-0071', cluster = 'prod-mysql') =>
  subscriptionBody(id, cluster, {
    'Event Source': 'db-cluster',
    'Identifier Link': `https://console.aws.amazon.com/rds/home?region=${region}#dbclusters:id=${cluster}`,
    'Source ARN': arnOf('cluster', cluster),
    'Event Message': `Completed failover to DB instance: ${cluster}-2`,
  });

/** The first message of a new subscription. It is no JSON. */
export const firstMessage =
  'Notification from RDS. You are now subscribed to receive notifications of Amazon RDS events. Subscription: aurora-drills';

/** One record as SNS hands it to a function (Lambda developer guide, "Using Lambda with Amazon SNS"). */
export const snsRecord = (body: unknown) => ({
  EventVersion: '1.0',
  EventSubscriptionArn: `arn:aws:sns:${region}:${account}:rds-events:21be56ed-a058-49f5-8c98-aedd2564c486`,
  EventSource: 'aws:sns',
  Sns: {
    SignatureVersion: '1',
    Timestamp: '2026-11-20T03:15:02.456Z',
    Signature: 'tcc6faL2yUC6dgZdmrwh1Y4cGa/ebXEkAi6RibDsvpi',
    SigningCertUrl: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService.pem',
    MessageId: '95df01b4-ee98-5cb9-9903-4c221d41eb5e',
    Message: typeof body === 'string' ? body : JSON.stringify(body),
    MessageAttributes: {},
    Type: 'Notification',
    UnsubscribeUrl: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
    TopicArn: `arn:aws:sns:${region}:${account}:rds-events`,
    Subject: 'RDS Notification Message',
  },
});

/** A call through SNS, with one record for each body. Strings are sent unchanged. */
export const snsEvent = (...bodies: unknown[]) => ({ Records: bodies.map(snsRecord) });

/** A call through a rule of EventBridge (Aurora User Guide, rds-cloud-watch-events). */
export const eventBridgeEvent = (
  id = 'RDS-EVENT-0131',
  instance = 'prod-mysql-1',
  changes: Record<string, unknown> = {},
) => ({
  version: '0',
  id: '68f6e973-1a0c-d37b-f2f2-94a7f62ffd4e',
  'detail-type': 'RDS DB Instance Event',
  source: 'aws.rds',
  account,
  time: '2026-11-20T03:15:00Z',
  region,
  resources: [arnOf('db', instance)],
  detail: {
    EventCategories: ['backtrack'],
    SourceType: 'DB_INSTANCE',
    SourceArn: arnOf('db', instance),
    Date: '2026-11-20T03:15:00.123Z',
    Message: messageOf(id),
    SourceIdentifier: instance,
    EventID: id,
    ...changes,
  },
});

/** What EventBridge Scheduler sends to a function when the schedule has no input. Its detail is a string. */
export const schedulerEvent = () => ({
  version: '0',
  id: '27d9a0c5-5a2f-4ae5-9a7b-8a6b9ac09c1e',
  'detail-type': 'Scheduled Event',
  source: 'aws.scheduler',
  account,
  time: '2026-11-20T03:15:00Z',
  region,
  resources: [`arn:aws:scheduler:${region}:${account}:schedule/default/aurora-drills`],
  detail: '{}',
});

/** What an EventBridge rule with a schedule sends. */
export const scheduledRuleEvent = () => ({
  ...schedulerEvent(),
  source: 'aws.events',
  resources: [`arn:aws:events:${region}:${account}:rule/aurora-drills`],
  detail: {},
});
