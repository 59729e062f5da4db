import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Message,
  type Origin,
  toSnsForms,
  toSubject,
  toText,
} from '../../../shared/messages/message.ts';
import { describeRewind } from '../../../shared/messages/rewind.ts';
import { makeTest } from '../recovery/recovery-fixture.ts';
import { blockedRewind, makeRewind, plantIn, readyRewind } from '../rewind/rewind-fixture.ts';
import { customNotification } from '../stack/chat-fixture.ts';
import { rewindMessages } from './rewind-messages.ts';

const origin: Origin = {
  account: '123456789012',
  region: 'eu-west-1',
  runbookUrl: 'https://wiki.example.com/runbook',
};
const place = 's3://reports/shop/2026-11-19/4d5e6f7a/report.html';

const expectDeliverable = (message: Message) => {
  const forms = toSnsForms(message, origin);
  expect(toSubject(message)).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
  expect(Buffer.byteLength(JSON.stringify(forms))).toBeLessThan(256 * 1024);
  expect(customNotification.safeParse(JSON.parse(forms.https ?? '')).error).toBeUndefined();
};

test.each(Object.entries(rewindMessages))('%s: its own kind, and deliverable', (kind, message) => {
  expect(message.kind).toBe(kind);
  expectDeliverable(message);
});

test('inputs to be pasted are whole in a mail, however long the reason is', () => {
  const trigger = { kind: 'manual' as const, reason: '"'.repeat(500) };
  for (const rewind of [readyRewind(), blockedRewind(), makeRewind()]) {
    const long = makeRewind({
      ...rewind,
      trigger,
      failures: rewind.failure === null ? [] : [rewind.failure],
    });
    const mail = toText(describeRewind(long, place), origin);
    for (const input of Object.values(long.next)) if (input !== null) expect(mail).toContain(input);
  }
});

test('a test that failed on the rewound cluster: the message stays open', () => {
  expect(describeRewind(makeRewind({ tests: [makeTest('x', 'failed')] }), place).kind).toBe('rewind-failed');
});

test('any texts of any length: deliverable', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 5000 }), (text) => {
      const rewind = plantIn(text);
      const name = text.slice(0, 63);
      expectDeliverable(
        describeRewind(
          {
            ...rewind,
            plan: name,
            source: name,
            clone: rewind.clone && { ...rewind.clone, identifier: name },
          },
          place,
        ),
      );
    }),
    { numRuns: 30 },
  );
});
