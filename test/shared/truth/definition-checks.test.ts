import { describe, expect, test } from 'vitest';
import type { Definition } from '../../../shared/database/port.ts';
import {
  compareDefinitions,
  type DefinitionBasis,
  listHashes,
  settleDefinitions,
  summarizeDefinitions,
  withoutNames,
} from '../../../shared/truth/definition-checks.ts';

const view = (name: string, text = 'select 1'): Definition => ({ kind: 'views', name, text });
const same: DefinitionBasis = { baseline: 'same-instant', hasChanges: false };
const production = [
  view('public.a'),
  view('public.b'),
  { kind: 'triggers', name: 't on public.a', text: 'x' },
];

const compare = (restored: Definition[], basis = same, late = production) =>
  compareDefinitions(summarizeDefinitions(production, late), restored, basis);

test('the same definitions: one passed check for each kind', () => {
  expect(compare(production).map(({ name, verdict, expected }) => [name, verdict, expected])).toEqual([
    ['definitions triggers', 'passed', '1 definition'],
    ['definitions views', 'passed', '2 definitions'],
  ]);
});

test.each<[string, Definition[], string]>([
  ['missing', production.slice(1), 'the restored copy lacks public.a'],
  [
    'another text',
    [view('public.a', 'select 2'), ...production.slice(1)],
    'has another definition of public.a',
  ],
  ['one more', [...production, view('public.c')], 'the restored copy also has public.c'],
])('a view: %s: its kind fails and names it, the other passes', (_, restored, reason) => {
  const [triggers, views] = compare(restored);
  expect(triggers?.verdict).toBe('passed');
  expect(views).toMatchObject({ verdict: 'failed', reason: expect.stringContaining(reason) });
});

test('a kind that production does not have: fails', () => {
  const [rules] = compare([...production, { kind: 'rules', name: 'r', text: '' }]).filter(
    ({ name }) => name === 'definitions rules',
  );
  expect(rules).toMatchObject({ verdict: 'failed', expected: '0 definitions', actual: '1 definition' });
});

describe('definitions that production changed around the instant', () => {
  const late = [view('public.a', 'select 3'), ...production.slice(1)];

  test('before and after differ: left out whatever the copy has, and named', () => {
    for (const text of ['select 1', 'select 2', 'select 3']) {
      const [, views] = compare([view('public.a', text), ...production.slice(1)], same, late);
      expect(views).toMatchObject({
        verdict: 'passed',
        reason: expect.stringContaining('meanwhile: public.a'),
      });
    }
  });

  test('changed and changed back, as the server counts: a difference is skipped, and says why', () => {
    const [, views] = compare(production.slice(1), { ...same, hasChanges: true });
    expect(views).toMatchObject({
      verdict: 'skipped',
      reason: expect.stringContaining('during the instant'),
    });
  });
});

test('a start that names its own time: a difference is skipped', () => {
  const [, views] = compare(production.slice(1), { ...same, baseline: 'none' });
  expect(views).toMatchObject({ verdict: 'skipped', reason: expect.stringContaining('production now') });
});

test('what the user may not read: not compared', () => {
  const unread: Definition = { kind: 'functions', name: 'f', text: '?', isUnread: true };
  const figures = summarizeDefinitions([...production, unread], [...production, unread]);
  expect(compareDefinitions(figures, production, same).map(({ verdict }) => verdict)).toEqual([
    'passed',
    'passed',
  ]);
});

test('definitions that could not be read in production: one skipped check with the reason', () => {
  expect(compareDefinitions({ kinds: null, unread: 'a lock' }, production, same)).toMatchObject([
    { name: 'definitions', verdict: 'skipped', reason: 'a lock' },
  ]);
});

describe('thousands of definitions', () => {
  const many = Array.from({ length: 3000 }, (_, index) => view(`public.v${index}`, `select ${index}`));

  test('without names the figures are small, and one change is still found', () => {
    const figures = withoutNames(summarizeDefinitions(many, many));
    expect(JSON.stringify(figures).length).toBeLessThan(200);
    expect(compareDefinitions(figures, many, same)).toMatchObject([{ verdict: 'passed' }]);
    const changed = many.map((one, index) => (index === 1234 ? { ...one, text: 'select 0' } : one));
    expect(compareDefinitions(figures, changed, same)).toMatchObject([
      { verdict: 'failed', reason: expect.stringContaining('too many to tell which') },
    ]);
  });
});

describe('definitions whose names did not fit, and that are looked at again', () => {
  const kept = withoutNames(listHashes(production));

  test('the same: compared by their hash', () => {
    const figures = settleDefinitions(kept, production);
    expect(compareDefinitions(figures, production, same).map(({ verdict }) => verdict)).toEqual([
      'passed',
      'passed',
    ]);
    const [, views] = compareDefinitions(figures, production.slice(1), same);
    expect(views).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('too many to tell which'),
    });
  });

  test('changed meanwhile: nobody knows which, so all are skipped, and the kind is named', () => {
    const checks = compareDefinitions(settleDefinitions(kept, production.slice(1)), production, same);
    expect(checks).toMatchObject([{ verdict: 'skipped', reason: expect.stringContaining('changed views') }]);
  });
});
