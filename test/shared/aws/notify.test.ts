import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test, vi } from 'vitest';
import { snsNotify } from '../../../shared/aws/notify.ts';
import { type Message, toSnsForms } from '../../../shared/messages/message.ts';
import { awsError } from './aws-error.ts';

const sns = mockClient(SNSClient);
const notify = snsNotify(new SNSClient({ region: 'eu-west-1' }));
const topic = 'arn:aws:sns:eu-west-1:123456789012:drills';

const message: Message = {
  kind: 'drill-passed',
  title: 'Restore drill passed: a',
  happened: ['all is well'],
  toDo: [],
  facts: [],
  dedupKey: 'drill/a',
  clusters: ['a'],
  at: '2026-11-16T08:25:11Z',
  details: {},
};

const origin = { account: '123456789012', region: 'eu-west-1', runbookUrl: 'https://example.com/runbook' };

beforeEach(() => {
  sns.reset();
  vi.stubEnv('NOTIFICATION_TOPIC_ARN', topic);
  vi.stubEnv('RUNBOOK_URL', 'https://example.com/runbook');
});

test('message: published once to the topic, in every form, with the account and Region of the topic', async () => {
  sns.on(PublishCommand).resolves({});
  await notify(message);
  expect(sns.commandCalls(PublishCommand)[0]?.args[0].input).toEqual({
    TopicArn: topic,
    Subject: 'Restore drill passed: a',
    Message: JSON.stringify(toSnsForms(message, origin)),
    MessageStructure: 'json',
  });
});

test.each([
  ['ThrottledException', 'Throttled'],
  ['InternalErrorException', 'AwsUnavailable'],
  ['NotFoundException', 'NotificationFailed'],
  ['AuthorizationErrorException', 'NotificationFailed'],
])('%s: fails as %s', async (name, expected) => {
  sns.on(PublishCommand).rejects(awsError(name));
  await expect(notify(message)).rejects.toMatchObject({ name: expected });
});

test.each(['NOTIFICATION_TOPIC_ARN', 'RUNBOOK_URL'])(
  'no %s in the environment: SettingMissing, and nothing is sent',
  async (name) => {
    vi.stubEnv(name, undefined);
    await expect(notify(message)).rejects.toMatchObject({ name: 'SettingMissing' });
    expect(sns.calls()).toHaveLength(0);
  },
);
