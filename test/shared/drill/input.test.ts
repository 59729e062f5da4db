import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseExecutionInput } from '../../../shared/drill/input.ts';

const everything = {
  plan: 'prod-aurora-main',
  restoreTo: '2026-11-19T02:13:00Z',
  reason: 'rehearse the 02:14 migration',
  dryRun: true,
};

const invalid = (...parts: string[]) =>
  expect.objectContaining({
    name: 'InvalidInput',
    summary: expect.toSatisfy((summary: string) => parts.every((part) => summary.includes(part))),
  });

test.each([
  ['empty', {}],
  ['a plan', { plan: 'prod-aurora-main' }],
  ['every key', everything],
  ['an instant with an offset', { restoreTo: '2026-11-19T03:13:00+01:00' }],
])('%s: taken as it is', (_, input) => {
  expect(parseExecutionInput(input)).toEqual(input);
});

test("the console's default input: counts as empty", () => {
  expect(parseExecutionInput({ Comment: 'Insert your JSON here' })).toEqual({});
});

test.each([
  ['another comment', { Comment: 'drill before the audit' }],
  ["the console's comment beside a plan", { Comment: 'Insert your JSON here', plan: 'app' }],
])('%s: InvalidInput that names the key Comment', (_, input) => {
  expect(() => parseExecutionInput(input)).toThrow(invalid('Comment: unknown key'));
});

test('any unknown key: InvalidInput that names it', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]\w{0,20}$/), fc.jsonValue(), (key, value) => {
      fc.pre(!Object.hasOwn(everything, key));
      expect(() => parseExecutionInput({ ...everything, [key]: value })).toThrow(
        invalid(`${key}: unknown key`),
      );
    }),
  );
});

test.each([null, 5, 'prod-aurora-main', true, [], undefined])(
  '%j instead of an object: InvalidInput',
  (input) => {
    expect(() => parseExecutionInput(input)).toThrow(invalid('(the whole): expected object'));
  },
);

test.each([
  '2026-11-19',
  '2026-11-19T02:13Z',
  '2026-11-19T02:13:00',
  '2026-11-19T02:13:00.5Z',
  '2026-02-30T02:13:00Z',
  'yesterday',
])('restoreTo %s: InvalidInput that shows it and what was expected', (restoreTo) => {
  expect(() => parseExecutionInput({ restoreTo })).toThrow(
    invalid('restoreTo: expected an instant in whole seconds', `seen "${restoreTo}"`),
  );
});

test.each([
  ['plan', ''],
  ['plan', 5],
  ['reason', ''],
  ['reason', 'x'.repeat(501)],
  ['dryRun', 'true'],
  ['restoreTo', 1_763_518_380],
])('%s as %j: InvalidInput that names the key', (key, value) => {
  expect(() => parseExecutionInput({ [key]: value })).toThrow(invalid(`  ${key}: `));
});

test('several mistakes: all of them are reported at once', () => {
  expect(() => parseExecutionInput({ Plan: 'app', dryRun: 'yes', restoreTo: 'now' })).toThrow(
    invalid('Plan: unknown key', 'dryRun: expected boolean, seen "yes"', 'restoreTo: expected an instant'),
  );
});

test('wrong input: the hint lists the keys there are', () => {
  expect(() => parseExecutionInput({ Plan: 'app' })).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('plan, restoreTo, reason, dryRun') }),
  );
});
