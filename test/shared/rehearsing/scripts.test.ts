import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { unpack } from '../../../shared/job/packing.ts';
import { assertFits, assertInChanges, packTexts, readTexts } from '../../../shared/rehearsing/scripts.ts';

const text = 'alter table users add column locale text;\n';
const stored = {
  bucket: 'reports',
  key: 'changes/users.sql',
  versionId: 'v1',
  sha256: createHash('sha256').update(text).digest('hex'),
};
const scripts = { read: async () => new TextEncoder().encode(text) };

test('statements of the input: as they are, and nothing is read', async () => {
  const nobody = { read: () => Promise.reject(new Error('nobody should read here')) };
  expect(await readTexts(['select 1'], nobody)).toEqual({ texts: ['select 1'], storedAt: null });
});

test('a script in S3: its text, and where it stands', async () => {
  expect(await readTexts(stored, scripts)).toEqual({ texts: [text], storedAt: stored });
});

test('a script that is not the one that was hashed: refused', async () => {
  const other = { ...stored, sha256: 'f'.repeat(64) };
  await expect(readTexts(other, scripts)).rejects.toMatchObject({
    name: 'ChangeRefused',
    summary: expect.stringContaining(stored.sha256),
  });
});

test.each([
  ['another bucket', { bucket: 'somebody-elses', key: 'changes/a.sql' }],
  ['a report', { bucket: 'reports', key: 'index.json' }],
  ['a folder whose name goes on', { bucket: 'reports', key: 'changes-of-others/a.sql' }],
])('%s: not read', (_, place) => {
  expect(() => assertInChanges(place, 'reports')).toThrow(expect.objectContaining({ name: 'ScriptNotRead' }));
});

test('too large to be read: refused with the limit', () => {
  assertFits('a script', 262_144);
  expect(() => assertFits('a script', 262_145)).toThrow('262145 bytes, expected 262144 bytes at most');
});

test('a script that deflates well fits in the state data; one that does not is refused with the limit', () => {
  const long = [`insert into notes values ('${'x'.repeat(200_000)}')`];
  expect(unpack(packTexts(long))).toEqual(long);
  const dense = [randomBytes(60_000).toString('base64')];
  expect(() => packTexts(dense)).toThrow(
    expect.objectContaining({ name: 'ChangeRefused', summary: expect.stringContaining('expected 52000') }),
  );
});
