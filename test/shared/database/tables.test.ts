import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTableName, parseTableName } from '../../../shared/database/tables.ts';

const oddCharacters = fc.string({ unit: fc.constantFrom('"', '.', 'a', 'B', ' ', '\n', "'", 'é') });
const part = fc.oneof(fc.string({ unit: 'binary' }), oddCharacters);

test('any schema and table, quotes and dots included: formatted and parsed, it is the same name', () => {
  fc.assert(
    fc.property(fc.record({ schema: part, table: part }, { noNullPrototype: true }), (name) => {
      expect(parseTableName(formatTableName(name))).toEqual(name);
    }),
  );
});

test.each([
  ['users', { schema: 'public', table: 'users' }],
  ['audit.Log', { schema: 'audit', table: 'Log' }],
  ['order lines', { schema: 'public', table: 'order lines' }],
  ['"order.items"', { schema: 'public', table: 'order.items' }],
  ['public."order.items"', { schema: 'public', table: 'order.items' }],
  ['"a.b"."say ""hi"""', { schema: 'a.b', table: 'say "hi"' }],
  ['"public"."users"', { schema: 'public', table: 'users' }],
])('%s: parsed', (text, name) => {
  expect(parseTableName(text)).toEqual(name);
});

test.each(['', '.', '.users', 'public.', 'app.public.users', 'a"b', '"unclosed', '"a"b', 'public."a"b"'])(
  '%j: no table name',
  (text) => {
    expect(parseTableName(text)).toBeUndefined();
  },
);

test.each([
  [{ schema: 'public', table: 'users' }, 'public.users'],
  [{ schema: 'public', table: 'Users' }, 'public.Users'],
  [{ schema: 'public', table: 'order.items' }, 'public."order.items"'],
  [{ schema: 'public', table: 'say "hi"' }, 'public."say ""hi"""'],
  [{ schema: '', table: 'users' }, '"".users'],
])('%j: formatted as %s', (name, text) => {
  expect(formatTableName(name)).toBe(text);
});
