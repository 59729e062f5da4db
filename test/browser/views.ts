import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  artifacts,
  desktop,
  findUnreachable,
  findViolations,
  loadRules,
  measureOverflow,
  type OpenPage,
  phone,
} from './chromium.ts';

/** Each screen and each colour scheme once: what one of them breaks, it breaks beside either of the others. */
const views = [
  { device: 'phone', viewport: phone, colorScheme: 'light' },
  { device: 'desktop', viewport: desktop, colorScheme: 'dark' },
] as const;

/**
 * What holds for a page on every screen. Its screenshots are kept under its name.
 * @param isLong it has thousands of rows. All of them are too high for a screenshot and slow for the rules, and they
 *   differ from a few rows only in number
 */
export const testViews = (openPage: OpenPage, name: string, html: string, isLong: boolean): void => {
  test('on a phone, light, and on a desktop, dark: fits, asks nobody for anything, can be read by anybody', async () => {
    const page = await openPage(html);
    if (!isLong) await loadRules(page);
    for (const { device, viewport, colorScheme } of views) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      expect(await measureOverflow(page), device).toBeLessThanOrEqual(0);
      expect(await findUnreachable(page), device).toEqual([]);
      const path = join(artifacts, `${name}-${device}-${colorScheme}.jpeg`);
      await page.screenshot({ path, fullPage: !isLong });
      if (!isLong) expect(await findViolations(page), device).toEqual([]);
    }
    expect(page.trouble).toEqual({ requests: [], errors: [] });
  });
};
