import { expect, test } from 'vitest';
import { renderHistory } from '../../shared/history/page.ts';
import { historyOf, makeDrills } from '../shared/history/history-fixture.ts';
import { describeChromium, phone } from './chromium.ts';

describeChromium('history of drills on a phone', (openPage) => {
  test('the cells of a drill stand under each other, each beside its label', async () => {
    const page = await openPage(renderHistory(historyOf(makeDrills(2))), phone);
    const seen = await page.evaluate(`[...document.querySelector('.drills tbody').rows[0].cells].map((cell) =>
      [getComputedStyle(cell, '::before').content.split(' / ')[0], getComputedStyle(cell).display])`);
    const labels = ['"plan"', '"verdict"', '"RTO"', '"RPO"', '"checks"', '"teardown"'];
    expect(seen).toEqual([['none', 'block'], ...labels.map((label) => [label, 'grid'])]);
  });
});
