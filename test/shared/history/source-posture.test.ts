import { describe, expect, test } from 'vitest';
import { DrillError } from '../../../shared/errors.ts';
import { addPosture, listPostureSections, readPostureIn } from '../../../shared/history/source-posture.ts';
import { formatPosture } from '../../../shared/posture/document.ts';
import { renderReport } from '../../../shared/report/page.ts';
import { failWith } from '../../functions/fakes.ts';
import { hostile, makeFinding, makeResult } from '../drill/result-fixture.ts';
import { checkedAt, makeCluster, makePosture } from '../posture/posture-fixture.ts';

const shop = makeCluster('prod-shop', { 'backup-retention': 'fail', 'two-zones': 'waived' });
const text = formatPosture(
  makePosture([makeCluster('other'), shop], { unreadable: [{ cluster: 'odd', reason: 'it has no engine' }] }),
);
const absent = { unknown: 'no posture has been filed yet' };
const readIn = (file: string | null) =>
  readPostureIn({ read: async () => (file === null ? null : { text: file, version: '1' }) }, absent);

describe('the posture of a source', () => {
  test('its own findings alone, with when they were made', async () => {
    expect(await readIn(text)('prod-shop')).toEqual({ value: { checkedAt, ...shop } });
  });

  test('named in another case by its plan: the same cluster to RDS', async () => {
    expect(await readIn(text)('Prod-Shop')).toEqual({ value: { checkedAt, ...shop } });
  });

  test.each<[string, string | null, string, string]>([
    ['there is no posture.json', null, 'prod-shop', absent.unknown],
    ['it is empty', '', 'prod-shop', 'posture.json is not a posture of clusters: '],
    [
      'it is of another kind',
      '{"schema":"aurora-drills/index/1"}',
      'prod-shop',
      'posture.json is not a posture',
    ],
    [
      'it has no such cluster',
      text,
      'new',
      'tells nothing of new: it is not among the clusters that are looked at',
    ],
    ['the cluster could not be read', text, 'odd', 'tells nothing of odd: it has no engine'],
    ['a cluster has a name of JavaScript', text, '__proto__', 'tells nothing of __proto__'],
  ])('%s: a sentence', async (_, file, source, why) => {
    expect(await readIn(file)(source)).toEqual({ unknown: expect.stringContaining(why) });
  });

  test.each(['AwsUnavailable', 'Throttled', 'ReportNotFiled'] as const)(
    'reading fails by %s: a sentence, and no drill fails by it',
    async (name) => {
      const read = readPostureIn({ read: failWith(name) }, absent);
      expect(await read('prod-shop')).toEqual({ unknown: `injected ${name}` });
    },
  );

  test('a defect of ours: thrown', async () => {
    const read = readPostureIn({ read: () => Promise.reject(new TypeError('no')) }, absent);
    await expect(read('prod-shop')).rejects.toThrow(TypeError);
  });
});

describe('in the result', () => {
  const posture = { value: { checkedAt, ...shop } };

  test('beside everything else of the drill', () => {
    const result = makeResult();
    expect(addPosture(result, posture)).toEqual({ ...result, posture });
    expect(addPosture(result, null)).toEqual({ ...result, posture: null });
  });

  test('as many checks as fit the state data: the posture is left out, and the result says where it is', () => {
    const check = makeFinding('x'.repeat(1000), 'passed');
    const checks = Array.from({ length: 240 }, () => ({ ...check, table: null }));
    const { posture: kept } = addPosture(makeResult({ checks }), posture);
    expect(kept).toEqual({ unknown: 'this result has no room for it; see posture.json' });
  });
});

describe('in the report', () => {
  const render = (posture: Parameters<typeof addPosture>[1]) =>
    renderReport(makeResult(), listPostureSections(posture));

  test('when it was checked, what fails with its mend, what is waived, and a way to it', () => {
    const page = render({ value: { checkedAt, ...shop } });
    for (const part of [
      '<a href="#posture">Posture of the source</a>',
      '1 rule of 22 failed, 1 waived, 0 could not be read.',
      'datetime="2026-11-20T06:20:00Z"',
      'backup-retention',
      'aws rds modify-db-cluster',
      'Waived: 1 rule',
      'it is waived',
    ])
      expect(page).toContain(part);
  });

  test('nothing is known: a sentence, and a long reason is folded where HTML allows it', () => {
    expect(render(absent)).toContain('It is not known: <bdi class="clip">no posture has been filed yet');
    // A paragraph ends where details begin.
    expect(render({ unknown: 'x'.repeat(400) })).toContain('<div class="line">It is not known: <details>');
  });

  test('no posture: no section, and no way to it', () => {
    expect(render(null)).not.toContain('posture');
  });

  test('hostile words: shown, never markup', () => {
    const page = render({ value: { checkedAt, ...makeCluster(hostile, { encryption: 'fail' }, hostile) } });
    expect(page).not.toContain(hostile);
    expect(page).toContain('&lt;script>');
  });

  test('an error of ours with a hint: the sentence alone', async () => {
    const error = new DrillError('ReportNotFiled', 'cannot read it', { hint: 'look there' });
    const read = readPostureIn({ read: () => Promise.reject(error) }, absent);
    expect(await read('prod-shop')).toEqual({ unknown: 'cannot read it' });
  });
});
