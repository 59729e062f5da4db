import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderRecovery } from '../../../shared/recovery/page.ts';
import { fail } from '../messages/recovery-messages.ts';
import { makeOutcome, makeRecovery, makeTest, nothingMade } from './recovery-fixture.ts';

const tagsOf = (page: string) => page.slice(page.indexOf('<body')).match(/<\/?[a-z][a-z0-9]*/gi);

const plant = (text: string) => {
  const { cluster, resources, readers, settings, advice, cost, old } = makeOutcome();
  return renderRecovery(
    makeRecovery({
      plan: text,
      source: text,
      engine: text,
      trigger: { kind: 'manual', reason: text },
      old: old && { ...old, resourceId: text, endpoint: text },
      cluster: cluster && { ...cluster, identifier: text, endpoint: text, readerEndpoint: text, owner: text },
      resources: resources.map((resource) => ({ ...resource, name: text })),
      readers: readers.map((reader) => ({ ...reader, identifier: text, like: text })),
      settings: settings.map((row) => ({ ...row, source: text, recovered: text, command: text })),
      advice: advice && {
        ...advice,
        warnings: [text],
        ways: advice.ways.map((way) => ({
          ...way,
          isPossible: true,
          why: text,
          loss: { ...way.loss, words: text },
        })),
      },
      changes: { summary: text, lines: [text], found: null },
      tests: [{ ...makeTest(text, 'failed'), expected: text, actual: text, reason: text }],
      failures: [{ ...fail('AddReaders', 'AwsFailure', text), hint: text }],
      cost: { ...cost, assumptions: [text] },
    }),
  );
};

test('an instance of a step that failed, so nobody knows when it was made: said', () => {
  const resources = [{ kind: 'instance' as const, name: 'recovered-shop-1-reader-1', createdAt: null }];
  const page = renderRecovery(
    makeRecovery({ resources, failures: [fail('AddReaders', 'QuotaExceeded', 'no')] }),
  );
  const row = /<tr[^>]*>(?:(?!<\/tr>).)*recovered-shop-1-reader-1(?:(?!<\/tr>).)*<\/tr>/s.exec(page)?.[0];
  expect(row).toContain('not known');
});

test('any text wherever texts are shown: the elements of the page are the same', () => {
  const harmless = tagsOf(plant('harmless'));
  const piece = fc.oneof(
    fc.constantFrom(
      '<script>',
      '</td>',
      '"',
      "'",
      '<!--',
      '&lt;',
      '\0',
      '\u202e',
      '\ud800',
      ']]>',
      '</code>',
    ),
    fc.string({ unit: 'binary', maxLength: 1 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 3 }), (pieces) => {
      const page = plant(pieces.join(''));
      expect(tagsOf(page)).toEqual(harmless);
      expect(page).not.toContain('\u202e');
    }),
    { numRuns: 50 },
  );
});

describe('a recovery that went well', () => {
  const page = renderRecovery(makeRecovery());

  test('who started it, why, and what came out', () => {
    expect(page).toContain('manual: a bad update at 02:51');
    expect(page).toContain('Recovery passed');
    expect(page).toContain('is recovered to 2026-11-19 02:50:00 UTC as recovered-shop-20261119025000');
  });

  test('what is to be done comes first among the settings, with its command', () => {
    const settings = page.slice(page.indexOf('id="settings"'), page.indexOf('id="readers"'));
    expect(settings.indexOf('IAM roles')).toBeLessThan(settings.indexOf('>port<'));
    expect(settings).toContain('aws rds add-role-to-db-cluster');
  });

  test('every way back, the rows that changed, and the ways to switch', () => {
    for (const text of [
      'point-in-time',
      'backtrack',
      'id 7, 9 and 1,202 more',
      '--new-db-cluster-identifier shop-old',
    ])
      expect(page).toContain(text);
  });
});

test('a cluster that answers: its endpoint and port stand before everything but the verdict', () => {
  const { cluster } = makeOutcome();
  const page = renderRecovery(makeRecovery());
  const [head = ''] = page.split('id="changes"');
  expect(head).toContain(`${cluster?.endpoint}:${cluster?.port}`);
  expect(head).toContain(`${cluster?.readerEndpoint}:${cluster?.port}`);
});

test('nothing was made: it says so in each section, and offers nothing to switch to', () => {
  const failures = [fail('PrepareRecovery', 'UnknownPlan', 'no plan "x"')];
  const page = renderRecovery(makeRecovery({ ...nothingMade, advice: null, failures }));
  for (const text of [
    'Nothing was compared.',
    'No test was done.',
    'no cluster yet to switch to',
    'None was judged',
    'Nothing was made.',
  ])
    expect(page).toContain(text);
  expect(page).not.toContain('modify-db-cluster');
});

test('a cluster that does not answer: nobody is told to switch to it', () => {
  const { cluster } = makeOutcome();
  const failures = [fail('CheckWriter', 'WriterUnusable', 'the instance is failed')];
  const page = renderRecovery(
    makeRecovery({ cluster: cluster && { ...cluster, isAvailable: false, isUsable: false }, failures }),
  );
  expect(page).not.toContain('new-db-cluster-identifier');
});
