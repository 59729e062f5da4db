import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeSchema, sandboxSchema } from '../../../shared/extraction/names.ts';

const restoreTo = '2026-11-19T16:00:00Z';

test('a cluster and a time: a schema that names both, and the extract', () => {
  expect(sandboxSchema('Prod-Aurora-Main', restoreTo, '7a8b9c0d')).toBe(
    'extract_prod_aurora_main_20261119160000_7a8b9c0d',
  );
});

test('any RDS identifier: a name of 63 bytes at most that needs no quotes, with time and id whole', () => {
  const identifier = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,30}(-[A-Za-z0-9]{1,31})?$/);
  fc.assert(
    fc.property(identifier, (source) => {
      const name = sandboxSchema(source, restoreTo, '7a8b9c0d');
      expect(name).toMatch(/^extract_[a-z][a-z0-9_]*[a-z0-9]_20261119160000_7a8b9c0d$|^extract_[a-z]_/);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
    }),
  );
});

test('the comment on a schema: where its tables come from, and first that they are incomplete', () => {
  const origin = { source: 'shop', restoreTo, id: '7a8b9c0d' };
  expect(describeSchema(origin, null)).toBe(
    'tables of shop as of 2026-11-19 16:00:00 UTC, extract 7a8b9c0d of Aurora Drills',
  );
  expect(describeSchema(origin, 'the sandbox is full')).toMatch(
    /^incomplete: the sandbox is full; tables of /,
  );
});
