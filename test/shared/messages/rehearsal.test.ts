import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameFailure } from '../../../shared/job/failure.ts';
import { type Message, type Origin, toSnsForms, toSubject } from '../../../shared/messages/message.ts';
import { describeRehearsal, describeRehearsalTeardown } from '../../../shared/messages/rehearsal.ts';
import { makeChange } from '../rehearsal/measured-fixture.ts';
import { makeRehearsal, plantIn, safeRehearsal } from '../rehearsal/rehearsal-fixture.ts';
import { customNotification } from '../stack/chat-fixture.ts';
import { rehearsalMessages } from './rehearsal-messages.ts';

const origin: Origin = {
  account: '123456789012',
  region: 'eu-west-1',
  runbookUrl: 'https://wiki.example.com/runbook',
};
const place = 's3://reports/shop/2026-11-19/7a8b9c0d/report.html';

const expectDeliverable = (message: Message) => {
  const forms = toSnsForms(message, origin);
  const chat = JSON.parse(forms.https ?? '');
  expect(toSubject(message)).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
  expect(Buffer.byteLength(JSON.stringify(forms))).toBeLessThan(256 * 1024);
  expect(customNotification.safeParse(chat).error).toBeUndefined();
  expect(chat.content.description.length).toBeLessThanOrEqual(8000);
  expect(chat.content.description).toContain(`#${message.kind}`);
};

test.each(Object.entries(rehearsalMessages))('%s: its own kind, and deliverable', (kind, message) => {
  expect(message.kind).toBe(kind);
  expectDeliverable(message);
});

test('an unsafe change: whom it blocks comes first, and the safer way with its page is what to do', () => {
  const message = rehearsalMessages['rehearsal-unsafe'];
  expect(message?.happened[0]).toContain('every write to public.users waits 87 s');
  expect(message?.toDo[0]).toMatch(/add the column without its default.*https:/);
  expect(message?.facts).toContainEqual(['Statement 1', expect.stringContaining('blocked reads 87 s')]);
});

test.each([
  [
    'does not run: an answer',
    { error: { message: 'no', code: '42P01', doneBefore: 'nothing' } },
    'rehearsal-unsafe',
  ],
  [
    'gave up each time: none',
    { error: { message: 'no', code: '55P03', doneBefore: 'nothing' } },
    'rehearsal-failed',
  ],
])('a change that %s', (_, statement, kind) => {
  expect(describeRehearsal(makeRehearsal({ measured: makeChange([statement]) }), place).kind).toBe(kind);
});

test('a teardown that failed after a safe change: told as a failure', () => {
  const failures = [nameFailure('CheckTeardown', 'TeardownFailed', 'it still deletes')];
  const rehearsal = makeRehearsal({ measured: safeRehearsal.measured, failures });
  expect(describeRehearsal(rehearsal, place).kind).toBe('rehearsal-failed');
});

test('something left of the clone: a message of its own, with what may still cost money', () => {
  const teardown = nameFailure('CheckTeardown', 'TeardownFailed', 'the writer has been deleting for an hour');
  const message = describeRehearsalTeardown(makeRehearsal(), teardown, place);
  expectDeliverable(message);
  expect(message).toMatchObject({
    kind: 'teardown-failed',
    dedupKey: 'teardown/7a8b9c0d',
    toDo: [teardown.hint],
  });
  expect(message.happened[0]).toBe(
    'After a rehearsal of shop, drill-shop-7a8b9c0d, drill-shop-7a8b9c0d-writer may still stand and cost money.',
  );
});

const anyText = fc
  .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 5000 }))
  .map(([part, length]) => part.repeat(Math.ceil(length / part.length)).slice(0, length));

test('any names, statements and causes of any length and number: deliverable, and the runbook is still there', () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom(1, 200), fc.boolean(), (text, count, isFailed) => {
      const planted = plantIn(text, isFailed ? [nameFailure('AddWriter', 'AwsFailure', text, text)] : []);
      const statements = planted.measured?.statements ?? [];
      // RDS and the input bound what has a name; other texts have any length.
      const [name, long] = [text.slice(0, 63), text.slice(0, 500)];
      const rehearsal = makeRehearsal({
        plan: name,
        source: name,
        clone: name,
        trigger: { kind: 'manual', reason: long },
        differences: Array(count).fill(text),
        measured: planted.measured && { ...planted.measured, statements: Array(count).fill(statements[0]) },
        failures: isFailed ? [nameFailure('AddWriter', 'AwsFailure', text, text)] : [],
      });
      expectDeliverable(describeRehearsal(rehearsal, place));
      const left = nameFailure('TearDown', 'TeardownRefused', text, text);
      expectDeliverable(describeRehearsalTeardown(rehearsal, left, place));
    }),
    { numRuns: 20 },
  );
});
