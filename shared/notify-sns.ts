import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { fromAwsError } from './aws-errors.ts';
import { readSetting } from './environment.ts';
import { DrillError, errorCatalog } from './errors.ts';
import type { Notify } from './notify.ts';

/**
 * Publishes to the stack's notification topic, with more patience than the SDK's own: the last message of a drill has no
 * state of its own that could repeat it.
 * @throws DrillError Throttled, AwsUnavailable or NotificationFailed
 */
export const snsNotify = (client = new SNSClient({ maxAttempts: 6 })): Notify => {
  return async ({ subject, text }) => {
    const topic = readSetting('NOTIFICATION_TOPIC_ARN');
    try {
      await client.send(new PublishCommand({ TopicArn: topic, Subject: subject, Message: text }));
    } catch (cause) {
      const error = fromAwsError(`publish to ${topic}`, cause);
      if (errorCatalog[error.name].isTransient) throw error;
      throw new DrillError('NotificationFailed', error.summary, { cause });
    }
  };
};
