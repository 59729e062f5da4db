import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Message,
  messageKinds,
  type Origin,
  toChat,
  toMachine,
  toSnsForms,
  toSubject,
  toText,
} from '../../../shared/messages/message.ts';

const origin: Origin = {
  account: '123456789012',
  region: 'eu-west-1',
  runbookUrl: 'https://example.com/runbook',
};
const link = `${origin.runbookUrl}#drill-failed`;
const dedupKey = 'aurora-drills/123456789012/eu-west-1/drill/prod';

const makeMessage = (changes: Partial<Message> = {}): Message => ({
  kind: 'drill-failed',
  title: 'Restore drill failed: prod',
  happened: ['ChecksFailed in VerifyRestore: 7 rows missing', 'Nothing else was seen.'],
  toDo: ['compare the failed checks', 'ask who deleted rows'],
  facts: [
    ['RTO', '20 min'],
    ['RPO', '3 min'],
  ],
  dedupKey: 'drill/prod',
  clusters: ['prod', 'drill-prod-1f2e3d4c'],
  at: '2026-11-16T08:25:11Z',
  details: { plan: 'prod', rto: { seconds: 1212 } },
  ...changes,
});

type Chat = {
  content: { title: string; description: string; nextSteps?: string[] };
  metadata: { summary: string };
};
const chatOf = (message: Message) => toChat(message, origin) as Chat;

/** A message with the same text wherever an error's words may be. */
const makeWordy = (text: string): Message =>
  makeMessage({
    happened: [`AwsFailure in RestoreCluster: ${text}`],
    toDo: [text],
    facts: [['Cause', text]],
    details: { failure: { error: 'AwsFailure', cause: text, hint: text } },
  });

/** Up to 100,000 characters, made of a few that repeat. */
const longText = fc
  .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }), fc.nat(100_000))
  .map(([part, length]) => part.repeat(Math.ceil(length / part.length)).slice(0, length));

test('mail: what happened, a line for each step, then the figures and the section of the runbook', () => {
  expect(toText(makeMessage(), origin).split('\n')).toEqual([
    'ChecksFailed in VerifyRestore: 7 rows missing',
    'Nothing else was seen.',
    'What to do: compare the failed checks.',
    'What to do: ask who deleted rows.',
    '',
    'RTO  20 min',
    'RPO  3 min',
    'Account  123456789012, eu-west-1',
    `Runbook  ${link}`,
  ]);
});

test('mail with nothing to do and no figures: what happened and the runbook', () => {
  const text = toText(makeMessage({ happened: ['all is well'], toDo: [], facts: [] }), origin);
  expect(text).toBe(`all is well\n\nAccount  123456789012, eu-west-1\nRunbook  ${link}`);
});

test('mail about a cause of 10,000 characters: the cause is cut, what follows it is not', () => {
  const lines = toText(makeMessage({ happened: ['x'.repeat(10_000)] }), origin).split('\n');
  expect(lines[0]).toMatch(/^x{3000,9000}\.{3}$/);
  expect(lines[1]).toBe('What to do: compare the failed checks.');
  expect(lines.at(-1)).toBe(`Runbook  ${link}`);
});

test.each([
  ['of 99 characters: whole', 'x'.repeat(99), 'x'.repeat(99)],
  ['of 100 characters: cut to 99', 'x'.repeat(100), `${'x'.repeat(96)}...`],
  ['of 100 characters in words: cut after one', `${'ab '.repeat(32)}abcd`, `${'ab '.repeat(31)}ab...`],
  ['whose last word is long: cut in the word', `ab ${'x'.repeat(97)}`, `ab ${'x'.repeat(93)}...`],
  ['with other letters than ASCII: question marks', 'café 世', 'caf? ?'],
  ['with control characters: question marks', 'one\r\ntwo\tthree\u007f', 'one??two?three?'],
  ['with spaces around it: none', '  drill failed ', 'drill failed'],
  ['of nothing: the kind', '', 'drill-failed'],
  ['of nothing but spaces: the kind', ' '.repeat(200), 'drill-failed'],
])('subject for a title %s', (_, title, subject) => {
  expect(toSubject(makeMessage({ title }))).toBe(subject);
});

test('any title: a subject that SNS takes, 1 to 99 printable ASCII characters without a leading space', () => {
  const titles = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), longText);
  fc.assert(
    fc.property(titles, (title) => {
      expect(toSubject(makeMessage({ title }))).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
    }),
  );
});

test('chat: a custom notification in the thread of its trouble', () => {
  expect(toChat(makeMessage(), origin)).toEqual({
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: 'Restore drill failed: prod',
      description: [
        'ChecksFailed in VerifyRestore: 7 rows missing',
        'Nothing else was seen.',
        '*RTO:* 20 min',
        '*RPO:* 3 min',
        '*Account:* 123456789012, eu-west-1',
        `*Runbook:* ${link}`,
      ].join('\n'),
      nextSteps: ['compare the failed checks', 'ask who deleted rows'],
      keywords: ['drill-failed'],
    },
    metadata: {
      threadId: dedupKey,
      summary: 'Restore drill failed: prod',
      eventType: 'drill-failed',
      relatedResources: ['prod', 'drill-prod-1f2e3d4c'],
      additionalContext: { dedupKey, status: 'open', severity: 'error' },
    },
  });
});

test('chat with nothing to do: no next steps, not an empty list', () => {
  expect(chatOf(makeMessage({ toDo: [] })).content).not.toHaveProperty('nextSteps');
});

test('chat with hostile text: no link, no mention, no call to the channel', () => {
  const hostile = '<!channel> <https://evil.example|log in> @here & <@U123>';
  const escaped =
    '&lt;!channel&gt; &lt;https://evil.example|log in&gt; @\u200bhere &amp; &lt;@\u200bU123&gt;';
  const facts: Message['facts'] = [[hostile, hostile]];
  const message = makeMessage({ title: hostile, happened: [hostile], toDo: [hostile], facts });
  expect(chatOf(message).content).toMatchObject({
    title: escaped,
    description: `${escaped}\n*${escaped}:* ${escaped}\n*Account:* 123456789012, eu-west-1\n*Runbook:* ${link}`,
    nextSteps: [escaped],
  });
});

test('chat with any text: no angle bracket, and no @ before anything but a space of no width or a cut', () => {
  const texts = fc.oneof(fc.string({ unit: fc.constantFrom('<', '>', '@', '&', 'a'), maxLength: 400 }));
  fc.assert(
    fc.property(texts, (text) => {
      const { content } = chatOf({ ...makeWordy(text), title: text });
      for (const part of [content.title, content.description, ...(content.nextSteps ?? [])]) {
        expect(part).not.toMatch(/[<>]|@(?!\u200b|\.{3})/);
      }
    }),
  );
});

test.each(['x', '<', '&', '@', '\n', '世', '😀'])(
  'chat about a cause of 10,000 times %j: within the limits, and the runbook is still there',
  (character) => {
    const { content } = chatOf(makeWordy(character.repeat(10_000)));
    expect(content.description.length).toBeLessThanOrEqual(8000);
    expect(content.description).toContain(`\n*Runbook:* ${link}`);
  },
);

test('chat with any text: title, summary and steps of at most 250 characters, description of at most 8000', () => {
  fc.assert(
    fc.property(longText, (text) => {
      const happened = [text, text, text, text, text];
      const { content, metadata } = chatOf({ ...makeWordy(text), title: text, happened });
      expect(content.description.length).toBeLessThanOrEqual(8000);
      for (const short of [content.title, metadata.summary, ...(content.nextSteps ?? [])]) {
        expect(short.length).toBeLessThanOrEqual(250);
      }
    }),
  );
});

test('chat about more than it shows: what happened is cut, and every figure is still there', () => {
  const { content } = chatOf(makeMessage({ happened: Array.from({ length: 5 }, () => 'x'.repeat(10_000)) }));
  expect(content.description.length).toBeLessThanOrEqual(8000);
  expect(content.description).toMatch(/x\.{3}\n\*RTO:\* 20 min\n\*RPO:\* 3 min\n/);
});

test('machine: facts by their details, with a schema, a status and a severity', () => {
  expect(toMachine(makeMessage(), origin)).toEqual({
    schema: 'aurora-drills/message/1',
    kind: 'drill-failed',
    status: 'open',
    severity: 'error',
    dedupKey,
    title: 'Restore drill failed: prod',
    happened: ['ChecksFailed in VerifyRestore: 7 rows missing', 'Nothing else was seen.'],
    toDo: ['compare the failed checks', 'ask who deleted rows'],
    clusters: ['prod', 'drill-prod-1f2e3d4c'],
    account: '123456789012',
    region: 'eu-west-1',
    runbook: link,
    at: '2026-11-16T08:25:11Z',
    details: { plan: 'prod', rto: { seconds: 1212 } },
  });
});

test.each([
  ['drill-passed', 'resolved', 'info'],
  ['drill-failed', 'open', 'error'],
  ['teardown-failed', 'open', 'error'],
  ['backtrack-window-shrunk', 'open', 'warning'],
  ['backtrack-window-recovered', 'resolved', 'info'],
] as const)('%s: %s with severity %s, and a section of its own in the runbook', (kind, status, severity) => {
  const machine = toMachine(makeMessage({ kind }), origin);
  expect(machine).toMatchObject({ kind, status, severity, runbook: `${origin.runbookUrl}#${kind}` });
});

test('every kind that opens trouble is more severe than info, and every other one is not', () => {
  for (const { status, severity } of Object.values(messageKinds)) {
    expect(severity === 'info').toBe(status === 'resolved');
  }
});

describe('the forms for SNS', () => {
  const bytesOf = (message: Message) => Buffer.byteLength(JSON.stringify(toSnsForms(message, origin)));
  const maxBytes = 256 * 1024;

  test('one string for each protocol: machine by default, mail, subject by SMS, chat by https', () => {
    const message = makeMessage();
    const { default: machine = '', https = '', ...texts } = toSnsForms(message, origin);
    expect(texts).toEqual({ email: toText(message, origin), sms: 'Restore drill failed: prod' });
    expect(JSON.parse(machine)).toEqual(toMachine(message, origin));
    expect(JSON.parse(https)).toEqual(toChat(message, origin));
  });

  test.each(['x', '"', '\\', '\n', '\u0000', '<', '&', '@', '世', '😀', '\ud800'])(
    'words of 100,000 times %j, wherever an error is told: less than 256 KiB together',
    (character) => {
      expect(bytesOf(makeWordy(character.repeat(100_000)))).toBeLessThan(maxBytes);
    },
  );

  test('words of up to 100,000 characters of any kind: less than 256 KiB together', () => {
    fc.assert(
      fc.property(longText, (text) => {
        expect(bytesOf(makeWordy(text))).toBeLessThan(maxBytes);
      }),
    );
  });

  test('words that are cut: the machine still reads JSON, and figures in it are whole', () => {
    const cause = '"'.repeat(100_000);
    const { default: form = '' } = toSnsForms(makeMessage({ details: { cause, seconds: 1212 } }), origin);
    const { details } = JSON.parse(form);
    expect(details.cause).toMatch(/^"{1000,9000}\.{3}$/);
    expect(details.seconds).toBe(1212);
  });

  test.each([0, 1])('an emoji that a cut falls into: no half of it is left', (offset) => {
    const text = 'x'.repeat(offset) + '😀'.repeat(10_000);
    const { default: machine = '', https = '', email = '' } = toSnsForms(makeWordy(text), origin);
    const { content } = JSON.parse(https) as Chat;
    const { happened, toDo } = JSON.parse(machine);
    for (const part of [email, content.description, ...(content.nextSteps ?? []), ...happened, ...toDo]) {
      expect(part.isWellFormed()).toBe(true);
    }
  });
});
