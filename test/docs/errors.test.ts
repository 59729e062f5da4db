import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DrillError, type ErrorName, errorCatalog, isDrillError } from '../../shared/errors.ts';

const rows = (await readFile('docs/errors.md', 'utf8'))
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, name]) => /^[A-Z]/.test(name ?? ''));

test('docs/errors.md: the same names as the code, no more and no fewer', () => {
  expect(rows.map(([, name]) => name).sort()).toEqual(Object.keys(errorCatalog).sort());
});

test('docs/errors.md: says of each error whether it is retried, as the code does', () => {
  for (const [, name, retried] of rows) {
    const partly: Partial<Record<string, string>> = { OutOfTime: 'short steps', AwsFailure: 'teardown only' };
    const expected = errorCatalog[name as ErrorName].isTransient ? 'yes' : (partly[name ?? ''] ?? 'no');
    expect([name, retried]).toEqual([name, expected]);
  }
});

test('docs/errors.md: meaning, what the drill did and what to do are filled in', () => {
  for (const [, name, , ...texts] of rows)
    expect([name, texts.filter((text) => text !== '').length]).toEqual([name, 3]);
});

test('error: its name is the literal, and its message carries the hint to the console', () => {
  const cause = new Error('socket hang up');
  const error = new DrillError('AwsUnavailable', 'describe cluster a: socket hang up', { cause });
  expect(error).toMatchObject({
    name: 'AwsUnavailable',
    summary: 'describe cluster a: socket hang up',
    cause,
  });
  expect(error.message).toBe(`describe cluster a: socket hang up\nhint: ${errorCatalog.AwsUnavailable.hint}`);
  expect(isDrillError(error, 'AwsUnavailable')).toBe(true);
  expect(isDrillError(error, 'Throttled')).toBe(false);
  expect(isDrillError(cause)).toBe(false);
});
