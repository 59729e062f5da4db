import { describe, expect, test } from 'vitest';
import { listPostureSections } from '../../shared/history/source-posture.ts';
import { postureRules } from '../../shared/plan/posture.ts';
import { postureVerdicts } from '../../shared/posture/finding.ts';
import { renderReport } from '../../shared/report/page.ts';
import { checkedAt, makeCluster } from '../shared/posture/posture-fixture.ts';
import { makeFindings, makeHostile, makePassed } from '../shared/report/report-fixture.ts';
import { countPrintedPages, describeChromium, measureOverflow, phone } from './chromium.ts';
import { testViews } from './views.ts';

const failed = makePassed({
  verdict: 'failed',
  failure: {
    phase: 'VerifyRestore',
    error: 'ChecksFailed',
    cause: 'rows public.orders: 1,203,900 rows, 651 fewer than production had, and 1 more',
    hint: 'the restored data differs from production: compare the failed checks with what happened then',
  },
  rpo: { seconds: 714, objectiveSeconds: 600, met: false },
  checks: [...makeFindings(19), ...makeFindings(3, 'skipped'), ...makeFindings(2, 'failed')],
});
const many = makePassed({ checks: [...makeFindings(1490), ...makeFindings(10, 'skipped')] });
const longest = makePassed({
  ...makeHostile(),
  verdict: 'passed',
  failure: null,
  restore: { kind: 'log', restoreTo: '2026-11-16T08:00:04Z', baseline: 'none', snapshot: null },
  checks: makeHostile().checks.map((check) => ({ ...check, verdict: 'passed' })),
});
const drills = { passed: makePassed(), failed, hostile: makeHostile(), many };
const fails = Object.fromEntries(postureRules.map((rule, index) => [rule, postureVerdicts[index % 4]]));
const endless = 'x'.repeat(2000);
/** Rules of which a quarter fails, and in the page of hostile texts a name and words without an end. */
const postureOf = (words: string) =>
  listPostureSections({ value: { checkedAt, ...makeCluster(`shop${words}`, fails, words) } });
const names = Object.keys(drills) as (keyof typeof drills)[];

describeChromium('drill report in a browser', (openPage) => {
  describe.each(names)('%s', (name) => {
    const html = renderReport(drills[name], postureOf(name === 'hostile' ? endless : ''));

    testViews(openPage, `report-${name}`, html, name === 'many');

    test('prints on two sheets of A4 at most', async () => {
      const page = await openPage(html);
      expect(await countPrintedPages(page)).toBeOneOf([1, 2]);
    });
  });

  test.each([
    ['failed', drills.hostile],
    ['passed', longest],
  ])(
    '%s, its endless texts unfolded: still fits a phone, and still prints on two sheets',
    async (_, drill) => {
      const html = renderReport(drill, postureOf(endless)).replaceAll('<details>', '<details open>');
      const page = await openPage(html, phone);
      expect(await measureOverflow(page)).toBeLessThanOrEqual(0);
      expect(await countPrintedPages(page)).toBeOneOf([1, 2]);
    },
  );
});
