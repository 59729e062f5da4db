import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addSeconds } from '../../../shared/instants.ts';
import { parseRecoverInput } from '../../../shared/recovery/input.ts';

const startedAt = '2026-11-19T03:00:07.250Z';
const parse = (input: unknown) => parseRecoverInput(input, startedAt);
const defaults = { mechanism: 'auto', tests: 'all', dryRun: false };

const invalid = (...parts: string[]) =>
  expect.objectContaining({
    name: 'InvalidInput',
    summary: expect.toSatisfy((summary: string) => parts.every((part) => summary.includes(part))),
  });

test.each([
  ['an instant', '2026-11-19T02:13:00Z', '2026-11-19T02:13:00Z'],
  ['an instant with an offset', '2026-11-19T03:13:00+01:00', '2026-11-19T02:13:00Z'],
  ['seconds ago', '30s ago', '2026-11-19T02:59:37Z'],
  ['minutes ago', '10m ago', '2026-11-19T02:50:07Z'],
  ['hours ago', '26h ago', '2026-11-18T01:00:07Z'],
  ['days ago', '3d ago', '2026-11-16T03:00:07Z'],
  ['the latest', 'latest', null],
])('%s, %s: whole seconds in UTC, counted from the start', (_, restoreTo, expected) => {
  expect(parse({ restoreTo })).toEqual({ ...defaults, restoreTo: expected });
});

test('every key: taken as it is', () => {
  const input = {
    plan: 'shop',
    restoreTo: '2026-11-19T02:13:00Z',
    reason: 'a bad update at 02:14',
    mechanism: 'snapshot',
    readers: 0,
    tests: ['checkout works'],
    dryRun: true,
  };
  expect(parse(input)).toEqual(input);
});

test('any time ago: the same instant at each reading, before the start, in whole seconds', () => {
  const units = { s: 1, m: 60, h: 3600, d: 86_400 };
  const unit = fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[]));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9999 }), unit, (amount, of) => {
      const { restoreTo } = parse({ restoreTo: `${amount}${of} ago` });
      expect(restoreTo).toBe(addSeconds('2026-11-19T03:00:07Z', -amount * units[of]));
      expect(parse({ restoreTo: `${amount}${of} ago` }).restoreTo).toBe(restoreTo);
    }),
  );
});

test.each([
  ['in a second', '2026-11-19T03:00:08Z'],
  ['next year', '2027-01-01T00:00:00Z'],
  ['of another zone', '2026-11-18T23:30:00-05:00'],
])('a time in the future, %s: InvalidInput that shows it and the start', (_, restoreTo) => {
  expect(() => parse({ restoreTo })).toThrow(
    invalid(
      `restoreTo: expected a time before the start of this execution, ${startedAt}, seen "${restoreTo}"`,
    ),
  );
});

test.each([
  'yesterday',
  '10m',
  '0m ago',
  '-5m ago',
  '1.5h ago',
  'ago',
  '2026-11-19',
  '2026-11-19T02:13:00',
  '2026-11-19T02:13:00.5Z',
  '2026-02-30T02:13:00Z',
  'Latest',
  '',
  5,
  null,
])('restoreTo %j: InvalidInput that says what is expected', (restoreTo) => {
  expect(() => parse({ restoreTo })).toThrow(
    invalid('restoreTo: expected latest, a time ago such as 10m ago'),
  );
});

test.each([
  ['nothing', {}],
  ["the console's default input", { Comment: 'Insert your JSON here' }],
])('%s: InvalidInput, since nobody guesses the time to recover to', (_, input) => {
  expect(() => parse(input)).toThrow(invalid('restoreTo: expected latest', 'but it is missing'));
});

test('several mistakes: all of them at once, with an input that is right', () => {
  const input = {
    restoreTo: 'soon',
    mechanism: 'backtrack',
    readers: 16,
    tests: [],
    dryRun: 'yes',
    who: 'me',
  };
  expect(() => parse(input)).toThrow(
    invalid(
      'restoreTo:',
      'mechanism:',
      'readers: expected same, or a number from 0 to 15',
      'tests:',
      'dryRun:',
      'who: unknown key',
    ),
  );
  expect(() => parse(input)).toThrow(expect.objectContaining({ hint: expect.stringContaining('"10m ago"') }));
});
