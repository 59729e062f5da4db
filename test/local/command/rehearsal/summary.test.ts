import { expect, test } from 'vitest';
import { type Paint, plainPaint } from '../../../../local/command/paint.ts';
import { summarizeRehearsal } from '../../../../local/command/rehearsal/summary.ts';
import type { RehearsalDocument } from '../../../../shared/rehearsal/document.ts';
import {
  makeRehearsal,
  nothingRun,
  plantIn,
  safeRehearsal,
} from '../../../shared/rehearsal/rehearsal-fixture.ts';

const marked: Paint = { ...plainPaint, good: (text) => `good(${text})`, bad: (text) => `bad(${text})` };

const summarize = (rehearsal: RehearsalDocument, paint = plainPaint): string =>
  summarizeRehearsal(
    { rehearsal, hasSucceeded: true, folder: 'out', rowsWritten: 1234, changes: ['owners made'] },
    paint,
  );

test('unsafe: verdict first, the statements, the findings, the safer way with its source, the clone apart from the change', () => {
  const text = summarize(makeRehearsal(), marked);
  expect(text.split('\n')[0]).toMatch(/^bad\(The change of shop is unsafe: .* waits 87 s\.\)$/);
  expect(text).toMatch(
    /^ {2}no\. +took +blocked reads +blocked writes +statement\n +1 +87 s +87 s +87 s +alter table users/m,
  );
  expect(text).toContain('\n  Statement 1: every write to public.users waits 87 s, 2 s of it in the queue');
  expect(text).toMatch(/^ {2}what to do: statement 1: add the column without its default.*: https:/m);
  expect(text).toMatch(/^ {2}clone ready after .+, rehearsed in .+$/m);
  expect(text).toContain('\n  SQL file: owners made\n');
  expect(text).toContain('\n  written to production meanwhile: 1,234 rows');
});

test('safe: nothing is bad, and what would undo it is told', () => {
  const text = summarize(safeRehearsal, marked);
  expect(text).toMatch(/^good\(The change of shop is safe: /);
  expect(text).toContain('\n  What would undo it: statement ');
});

test('nothing was run: why, and no table of statements', () => {
  const failure = {
    phase: 'RehearseChange',
    error: 'NotTheClone',
    cause: 'the address is one of production',
    hint: 'find out what has it',
  } as const;
  const text = summarize(makeRehearsal({ ...nothingRun, failures: [failure] }));
  expect(text).toContain('\n  NotTheClone in RehearseChange: the address is one of production\n');
  expect(text).toContain('\n  what to do: find out what has it\n');
  expect(text).toContain('\n  no statement was run\n');
  expect(text).not.toContain('blocked reads');
});

test('safe, but the clone is left: the failure is told beside the verdict', () => {
  const failure = {
    phase: 'CheckTeardown',
    error: 'TimedOut',
    cause: 'drill-shop-7a8b9c0d is still being deleted',
    hint: 'delete it',
  } as const;
  const text = summarize(makeRehearsal({ measured: safeRehearsal.measured, failures: [failure] }), marked);
  expect(text).toMatch(/^bad\(The change of shop is safe: /);
  expect(text).toContain('\n  TimedOut in CheckTeardown: drill-shop-7a8b9c0d is still being deleted\n');
  expect(text).toContain('\n  what to do: delete it\n');
});

test('hostile names: none colours the screen or begins a line of its own', () => {
  const text = summarize(plantIn('\u001b[31mred\nowned'));
  expect(text).not.toContain('\u001b');
  expect(text).not.toMatch(/^owned/m);
});
