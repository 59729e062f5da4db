import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Message, type Origin, toSnsForms, toSubject } from '../../../shared/messages/message.ts';
import { describeRecovery } from '../../../shared/messages/recovery.ts';
import { makeOutcome, makeRecovery, makeTest } from '../recovery/recovery-fixture.ts';
import { customNotification } from '../stack/chat-fixture.ts';
import { fail, recoveryMessages } from './recovery-messages.ts';

const origin: Origin = {
  account: '123456789012',
  region: 'eu-west-1',
  runbookUrl: 'https://wiki.example.com/runbook',
};
const place = 's3://reports/shop/2026-11-19/5e6f7a8b/report.html';

const expectDeliverable = (message: Message) => {
  const forms = toSnsForms(message, origin);
  const chat = JSON.parse(forms.https ?? '');
  expect(toSubject(message)).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
  expect(Buffer.byteLength(JSON.stringify(forms))).toBeLessThan(256 * 1024);
  expect(customNotification.safeParse(chat).error).toBeUndefined();
  expect(chat.content.description.length).toBeLessThanOrEqual(8000);
  expect(chat.content.description).toContain(`#${message.kind}`);
};

test.each(Object.entries(recoveryMessages))('%s: deliverable, with a link to its section', (_, message) => {
  expectDeliverable(message);
});

test('a test that failed: the cluster stands, with its commands, and the input for an earlier time', () => {
  const message = recoveryMessages['recovery-failed-tests'];
  expect(message?.kind).toBe('recovery-failed');
  expect(message?.toDo[0]).toBe(
    'try an earlier time, such as {"plan":"shop","restoreTo":"2026-11-19T02:40:00Z","reason":"a bad update at 02:51"}; the recovered cluster stands, and another start makes another one',
  );
  expect(message?.facts.map(([label]) => label)).toContain('To switch, two renames');
});

test('handed over: where the writer is, what is left to set and the report come before the commands to switch', () => {
  const labels = recoveryMessages['recovery-handed-over']?.facts.map(([label]) => label) ?? [];
  expect(labels.slice(0, labels.indexOf('To switch, your own DNS name'))).toEqual([
    'Cluster',
    'Writer',
    'Readers',
    'Reached',
    'Tests',
    'Settings',
    'Report',
  ]);
});

test('half way: what stands, what it costs, the input to go on with, and no command to switch', () => {
  const message = recoveryMessages['recovery-failed-half-way'];
  expect(message?.happened).toContain(
    'Nothing is deleted: recovered-shop-20261119025000 stands, protected, and costs about 0.55 USD an hour.',
  );
  expect(message?.toDo).toContainEqual(expect.stringContaining('"restoreTo":"2026-11-19T02:50:00Z"'));
  expect(message?.facts.filter(([label]) => label.startsWith('To switch'))).toEqual([]);
});

test('a gap: named as loss', () => {
  expect(recoveryMessages['recovery-handed-over-with-a-gap']?.happened).toContain(
    'Lost: what was written in the 12 h between 2026-10-31 12:00:00 UTC and 2026-11-01 00:00:00 UTC.',
  );
});

const anyText = fc
  .tuple(fc.string({ unit: 'binary', maxLength: 6 }), fc.nat(20_000))
  .map(([part, length]) => part.repeat(Math.ceil(length / Math.max(1, part.length))).slice(0, length) || 'x');

const noChanges = {
  tables: [],
  unchangedTables: 0,
  goneTables: [],
  addedTables: [],
  definitions: [],
  notCompared: [],
};

test('any names, changes, tests and causes of any length: deliverable, and the runbook is still there', () => {
  const { cluster, old, trigger } = makeOutcome();
  fc.assert(
    fc.property(anyText, fc.boolean(), fc.nat(3000), fc.boolean(), (text, isFailed, count, dryRun) => {
      // RDS, DNS, Step Functions and the input bound what has a name; other texts have any length.
      const [name, address, long] = [text.slice(0, 63), text.slice(0, 253), text.slice(0, 500)];
      const found = { ...noChanges, notCompared: Array(100).fill({ what: text, reason: text }) };
      const recovery = makeRecovery({
        plan: name,
        source: name,
        dryRun,
        trigger: { ...trigger, reason: long },
        old: old && { ...old, resourceId: name, endpoint: address },
        cluster: cluster && { ...cluster, identifier: name, endpoint: address, owner: long },
        changes: { summary: text, lines: Array(count).fill(text), found },
        tests: Array(count).fill({ ...makeTest(text, isFailed ? 'failed' : 'passed'), reason: text }),
        failures: isFailed ? [{ ...fail('AddReaders', 'AwsFailure', text), hint: text }] : [],
      });
      expectDeliverable(describeRecovery(recovery, place));
    }),
  );
});
