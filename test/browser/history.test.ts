import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyHistory } from '../../shared/history.ts';
import { renderHistory } from '../../shared/history-page.ts';
import { historyOf, makeDrill, makeDrills } from '../shared/history-fixture.ts';
import {
  artifacts,
  describeChromium,
  desktop,
  findUnreachable,
  findViolations,
  measureOverflow,
  phone,
} from './chromium.ts';

const failure = { phase: 'VerifyRestore', error: 'ChecksFailed', cause: 'rows', hint: 'compare' } as const;
const hostile = `<img src=x onerror=alert(1)>"'\u202e${'x'.repeat(10_000)}`;

const histories = {
  empty: emptyHistory,
  // Plans that pass, fail, are dry runs, and are called by nobody.
  mixed: historyOf(
    makeDrills(200).map((drill, number) => ({
      ...drill,
      plan: number % 23 === 0 ? null : `plan-${number % 7}`,
      dryRun: number % 17 === 0,
      ...(number % 5 === 0 && { verdict: 'failed' as const, failure }),
    })),
  ),
  hostile: historyOf([makeDrill(1, { plan: hostile, source: hostile, failure, verdict: 'failed' })]),
  // A year of 50 plans, drilled once a week.
  year: historyOf(makeDrills(2600)),
};
const names = Object.keys(histories) as (keyof typeof histories)[];

const views = (['light', 'dark'] as const).flatMap((colorScheme) =>
  Object.entries({ phone, desktop }).map(([name, viewport]) => ({ name, viewport, colorScheme })),
);

describeChromium('history of drills in a browser', (openPage) => {
  describe.each(names)('%s', (name) => {
    const html = renderHistory(histories[name]);

    test.each(views)(
      '$name, $colorScheme: fits, asks nobody for anything, can be read by anybody',
      async (view) => {
        const page = await openPage(html, { viewport: view.viewport, colorScheme: view.colorScheme });
        expect(await measureOverflow(page)).toBeLessThanOrEqual(0);
        expect(await findUnreachable(page)).toEqual([]);
        expect(page.trouble).toEqual({ requests: [], errors: [] });
        const isLong = name === 'year';
        const path = join(artifacts, `history-${name}-${view.name}-${view.colorScheme}.png`);
        await page.screenshot({ path, fullPage: !isLong });
        // Rules take their time with 2,600 rows, which differ from 200 in nothing but their number.
        if (!isLong) expect(await findViolations(page)).toEqual([]);
      },
    );
  });
});
