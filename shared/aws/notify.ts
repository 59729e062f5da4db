import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { toSnsForms, toSubject } from '../messages/message.ts';
import type { Notify } from '../messages/notify.ts';
import { readSetting } from './environment.ts';
import { fromAwsErrorAs } from './errors.ts';
import { quickCalls } from './quick-calls.ts';

/** For the end of a drill. */
export const quickSns = (): SNSClient => new SNSClient(quickCalls);

/**
 * Publishes to the function's topic, with more attempts than the SDK's default.
 * @throws DrillError Throttled, AwsUnavailable or NotificationFailed
 */
export const snsNotify = (client = new SNSClient({ maxAttempts: 6 })): Notify => {
  return async (message) => {
    const topic = readSetting('NOTIFICATION_TOPIC_ARN');
    // arn:aws:sns:REGION:ACCOUNT:NAME. The topic is in the stack's own Region and account.
    const [, , , region = '', account = ''] = topic.split(':');
    const forms = toSnsForms(message, { account, region, runbookUrl: readSetting('RUNBOOK_URL') });
    const request = new PublishCommand({
      TopicArn: topic,
      Subject: toSubject(message),
      Message: JSON.stringify(forms),
      MessageStructure: 'json',
    });
    try {
      await client.send(request);
    } catch (cause) {
      throw fromAwsErrorAs('NotificationFailed', `publish to ${topic}`, cause);
    }
  };
};
