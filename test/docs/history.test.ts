import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseHistory, toEntry } from '../../shared/history/document.ts';
import { toExtractEntry, toJobEntry, toRehearsalEntry } from '../../shared/history/jobs.ts';
import { makeResult } from '../shared/drill/result-fixture.ts';
import { makeExtract } from '../shared/extraction/extract-fixture.ts';
import { historyOf } from '../shared/history/history-fixture.ts';
import { makeRecovery } from '../shared/recovery/recovery-fixture.ts';
import { makeRehearsal } from '../shared/rehearsal/rehearsal-fixture.ts';

const page = await readFile('docs/history.md', 'utf8');
const example = /```json\n(.*?)```/s.exec(page)?.[1] ?? '';

test('docs/history.md: the example is a history', () => {
  expect(parseHistory(example).drills).toHaveLength(1);
});

const describedIn = (heading: string): (string | undefined)[] => {
  const rows =
    page
      .slice(page.indexOf(`| ${heading} |`))
      .split('\n\n')[0]
      ?.split('\n')
      .slice(2) ?? [];
  return rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, key]) => key));
};

test('docs/history.md: a table has every key of a recovery, and no other', () => {
  const keys = Object.keys(toJobEntry(makeRecovery(), 'folder'));
  expect(describedIn('key of a recovery').toSorted()).toEqual(keys.toSorted());
});

test('docs/history.md: a table has every key of a rehearsal, and no other', () => {
  const keys = Object.keys(toRehearsalEntry(makeRehearsal(), 'folder'));
  expect(describedIn('key of a rehearsal').toSorted()).toEqual(keys.toSorted());
});

test('docs/history.md: a table has every key of an extract, and no other', () => {
  const keys = Object.keys(toExtractEntry(makeExtract(), 'folder'));
  expect(describedIn('key of an extract').toSorted()).toEqual(keys.toSorted());
});

test('docs/history.md: the example and the table have every key of a proof, and no other', () => {
  const [proof] = historyOf([makeResult()]).proofs ?? [];
  const keys = Object.keys(proof ?? {}).toSorted();
  const described = [...new Set(describedIn('key of a proof'))];
  expect(described.toSorted()).toEqual(keys);
  expect(Object.keys(parseHistory(example).proofs?.[0] ?? {}).toSorted()).toEqual(keys);
});

test('docs/history.md: the example and the table have every key of an entry, and no other', () => {
  const result = makeResult();
  const keys = Object.keys(toEntry(result, 'folder'));
  const fromSnapshot = { ...result, restore: { ...result.restore, kind: 'newest-snapshot' as const } };
  const described = describedIn('key of an entry');
  expect(described.toSorted()).toEqual(Object.keys(toEntry(fromSnapshot, 'folder')).toSorted());
  expect(Object.keys(parseHistory(example).drills[0] ?? {}).toSorted()).toEqual(keys.toSorted());
});
