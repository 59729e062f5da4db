import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lookAtModel } from '../../local/command/posture/model.ts';
import { cleanPosture } from '../../local/documents/posture-example.ts';
import type { PostureDocument } from '../../shared/posture/document.ts';
import { renderPosture } from '../../shared/posture/page/page.ts';
import { makeFleet } from '../shared/posture/posture-fixture.ts';
import { countPrintedPages, describeChromium, phone } from './chromium.ts';
import { testViews } from './views.ts';

const folder = await mkdtemp(join(tmpdir(), 'posture-page-'));
const looks = await lookAtModel(folder, new Date('2026-11-30T06:30:00Z'));
await rm(folder, { recursive: true });

const fleets = {
  model: looks.at(-1)?.document as PostureDocument,
  clean: cleanPosture,
  hostile: makeFleet(3, `<img src=x onerror=alert(1)>"'\u202e${'M'.repeat(300)}`),
  thousand: makeFleet(1000),
};

describeChromium('page of the posture in a browser', (openPage) => {
  describe.each(Object.entries(fleets))('%s', (name, fleet) => {
    testViews(openPage, `posture-${name}`, renderPosture(fleet), name === 'thousand');
  });

  test('on a phone, the fleet scrolls within itself, and the name of a cluster stays in sight', async () => {
    const page = await openPage(renderPosture(fleets.model), phone);
    const seen = await page.evaluate(`(() => {
      const matrix = document.querySelector('.matrix');
      const name = matrix.querySelector('tbody th');
      const before = name.getBoundingClientRect().left;
      matrix.scrollLeft = 400;
      return { scrolled: matrix.scrollLeft, moved: name.getBoundingClientRect().left - before };
    })()`);
    expect(seen).toEqual({ scrolled: 400, moved: 0 });
  });

  test('1,000 clusters on paper: the worst ones, and how many more there are', async () => {
    const page = await openPage(renderPosture(fleets.thousand));
    expect(await countPrintedPages(page)).toBeLessThan(60);
    const shown = `[...document.querySelectorAll('.matrix tbody tr')].filter((row) => row.offsetParent !== null).length`;
    await page.emulateMedia({ media: 'print' });
    const printed = await page.evaluate(shown);
    const isTold = await page.getByText('And 900 more, on the screen.').isVisible();
    await page.emulateMedia({ media: 'screen' });
    expect([await page.evaluate(shown), printed, isTold]).toEqual([1000, 100, true]);
  });
});
