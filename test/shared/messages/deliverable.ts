import { expect } from 'vitest';
import { type Message, type Origin, toSnsForms, toSubject } from '../../../shared/messages/message.ts';
import { customNotification } from '../stack/chat-fixture.ts';

export const origin: Origin = {
  account: '123456789012',
  region: 'eu-west-1',
  runbookUrl: 'https://wiki.example.com/runbook',
};

/** A subject that SNS takes, a notification that chat takes, and less than 256 KiB. */
export const expectDeliverable = (message: Message): void => {
  const forms = toSnsForms(message, origin);
  expect(toSubject(message)).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
  expect(Buffer.byteLength(JSON.stringify(forms))).toBeLessThan(256 * 1024);
  expect(customNotification.safeParse(JSON.parse(forms.https ?? '')).error).toBeUndefined();
};
