import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test, vi } from 'vitest';
import { snsNotify } from '../../shared/notify-sns.ts';

const sns = mockClient(SNSClient);
const notify = snsNotify(new SNSClient({ region: 'eu-west-1' }));
const topic = 'arn:aws:sns:eu-west-1:123456789012:drills';

beforeEach(() => {
  sns.reset();
  vi.stubEnv('NOTIFICATION_TOPIC_ARN', topic);
});

test('message: published to the topic of the stack', async () => {
  sns.on(PublishCommand).resolves({});
  await notify({ subject: 'Restore drill passed: a', text: 'all is well' });
  expect(sns.commandCalls(PublishCommand)[0]?.args[0].input).toEqual({
    TopicArn: topic,
    Subject: 'Restore drill passed: a',
    Message: 'all is well',
  });
});

test.each([
  ['ThrottledException', 'Throttled'],
  ['InternalErrorException', 'AwsUnavailable'],
  ['NotFoundException', 'NotificationFailed'],
  ['AuthorizationErrorException', 'NotificationFailed'],
])('%s: fails as %s', async (name, expected) => {
  sns.on(PublishCommand).rejects(Object.assign(new Error('said so'), { name }));
  await expect(notify({ subject: 's', text: 't' })).rejects.toMatchObject({ name: expected });
});

test('no topic in the environment: SettingMissing, and nothing is sent', async () => {
  vi.stubEnv('NOTIFICATION_TOPIC_ARN', undefined);
  await expect(notify({ subject: 's', text: 't' })).rejects.toMatchObject({ name: 'SettingMissing' });
  expect(sns.calls()).toHaveLength(0);
});
