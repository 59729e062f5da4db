import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Packed, pack, unpack } from '../../../shared/job/packing.ts';

const fails = expect.objectContaining({ name: 'UnreadableAnswer' });

test('any JSON: unpacked as it was packed, and the text is plain base64', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      // Minus zero is none in JSON.
      const plain: unknown = JSON.parse(JSON.stringify(value));
      expect(unpack(pack(plain))).toStrictEqual(plain);
      expect(pack(plain)).toMatch(/^[A-Za-z0-9+/]+=*$/);
    }),
  );
});

test('much of the same: a tenth of its size', () => {
  const tables = Array.from({ length: 300 }, (_, index) => ({
    table: `public.t${index}`,
    columns: ['id bigint not null'],
  }));
  expect(pack(tables).length).toBeLessThan(JSON.stringify(tables).length / 10);
});

test.each([
  ['empty', ''],
  ['no base64', '!!'],
  ['base64 of something else', Buffer.from('hello').toString('base64')],
  ['cut short', pack({ tables: ['public.users', 'public.orders'] }).slice(0, -8)],
  ['deflated, and no JSON', deflateRawSync('{').toString('base64')],
])('a text that is %s: UnreadableAnswer', (_, text) => {
  expect(() => unpack(text as Packed<unknown>)).toThrow(fails);
});
