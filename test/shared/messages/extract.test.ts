import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameFailure } from '../../../shared/job/failure.ts';
import { describeExtract, describeExtractTeardown } from '../../../shared/messages/extract.ts';
import { type Message, type Origin, toSnsForms, toSubject } from '../../../shared/messages/message.ts';
import { failCheck, makeExtract, plantIn } from '../extraction/extract-fixture.ts';
import { customNotification } from '../stack/chat-fixture.ts';
import { extractMessages } from './extract-messages.ts';

const origin: Origin = {
  account: '123456789012',
  region: 'eu-west-1',
  runbookUrl: 'https://wiki.example.com/runbook',
};
const place = 's3://reports/shop/2026-11-20/3c4d5e6f/report.html';

const expectDeliverable = (message: Message) => {
  const forms = toSnsForms(message, origin);
  const chat = JSON.parse(forms.https ?? '');
  expect(toSubject(message)).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
  expect(Buffer.byteLength(JSON.stringify(forms))).toBeLessThan(256 * 1024);
  expect(customNotification.safeParse(chat).error).toBeUndefined();
  expect(chat.content.description.length).toBeLessThanOrEqual(8000);
  expect(chat.content.description).toContain(`#${message.kind}`);
};

test.each(Object.entries(extractMessages))('%s: its own kind, and deliverable', (kind, message) => {
  expect(message.kind).toBe(kind);
  expectDeliverable(message);
});

test('tables extracted: where they are, and what production has changed since', () => {
  const message = extractMessages['extract-done'];
  expect(message?.happened[0]).toContain('are in sandbox dev as of 2026-11-19 16:00:00 UTC');
  expect(message?.happened).toContainEqual(expect.stringContaining('1,204 changed'));
  expect(message?.facts).toContainEqual([
    'Place',
    expect.stringContaining('sandbox of dev-aurora, schema extract_'),
  ]);
});

test('copying that stopped: the error, and that the schema is incomplete', () => {
  const message = extractMessages['extract-failed'];
  expect(message?.happened.slice(0, 2)).toEqual([
    expect.stringContaining('is incomplete'),
    'DatabaseFailure in CopyTables: public.orders: no space left (53100)',
  ]);
});

test('something left of the copy: a message of its own, with what may still cost money', () => {
  const teardown = nameFailure('CheckTeardown', 'TeardownFailed', 'the writer has been deleting for an hour');
  const message = describeExtractTeardown(makeExtract(), teardown, place);
  expectDeliverable(message);
  expect(message).toMatchObject({
    kind: 'teardown-failed',
    title: 'An extract could not delete its copy: drill-shop-3c4d5e6f',
    dedupKey: 'teardown/3c4d5e6f',
    toDo: [teardown.hint],
  });
  expect(message.happened[0]).toBe(
    'After an extract of shop, drill-shop-3c4d5e6f, drill-shop-3c4d5e6f-writer may still stand and cost money.',
  );
});

const anyText = fc
  .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 5000 }))
  .map(([part, length]) => part.repeat(Math.ceil(length / part.length)).slice(0, length));

test('any names, checks and causes of any length and number: deliverable, and the runbook is still there', () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom(1, 100), fc.boolean(), (text, count, isFailed) => {
      const failures = isFailed ? [nameFailure('AddWriter', 'AwsFailure', text, text)] : [];
      const planted = plantIn(text, failures);
      // RDS and the input bound what has a name; other texts have any length.
      const [name, long] = [text.slice(0, 63), text.slice(0, 500)];
      const extract = {
        ...planted,
        plan: name,
        source: name,
        copy: name,
        sandbox: planted.sandbox && { ...planted.sandbox, name, cluster: name, host: long, database: name },
        trigger: { ...planted.trigger, reason: long },
        tables: Array(count).fill(planted.tables[0]),
        checks: Array(count).fill(failCheck({ name: text, reason: text })),
      };
      expectDeliverable(describeExtract(extract, place));
      const left = nameFailure('TearDown', 'TeardownRefused', text, text);
      expectDeliverable(describeExtractTeardown(extract, left, place));
    }),
    { numRuns: 20 },
  );
});
