import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page, type ViewportSize } from 'playwright-core';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { chromiumPath } from '../../local/documents/browser.ts';

/** What none of our pages may do. */
type Trouble = { requests: string[]; errors: string[] };
export type OpenPage = (html: string, viewport?: ViewportSize) => Promise<Page & { trouble: Trouble }>;

export const phone = { width: 360, height: 740 };
export const desktop = { width: 1280, height: 900 };

/** For screenshots, which CI keeps. */
export const artifacts = join(import.meta.dirname, '../../test-artifacts');

/**
 * Tests in a real browser, skipped when none is installed. A page is opened from a file, as people open a report. Scripts
 * may run, so that one hidden in a text shows. One tab opens them in turn: a new one draws its first page, and runs its
 * first script, at several times the cost.
 */
export const describeChromium = (title: string, tests: (openPage: OpenPage) => void): void => {
  describe.skipIf(chromiumPath === undefined)(title, () => {
    let browser: Browser;
    let tab: Page;
    let watchFor: (url: string) => Trouble;
    let folder: string;
    let count = 0;
    beforeAll(async () => {
      await mkdir(artifacts, { recursive: true });
      folder = await mkdtemp(join(tmpdir(), 'aurora-drills-pages-'));
      browser = await chromium.connect(inject('chromium'));
      tab = await browser.newPage();
      watchFor = watch(tab);
    });
    afterAll(async () => {
      await browser?.close();
      await rm(folder, { recursive: true, force: true });
    });
    tests(async (html, viewport = desktop) => {
      const file = join(folder, `page-${++count}.html`);
      await writeFile(file, html);
      await tab.setViewportSize(viewport);
      await tab.emulateMedia({ colorScheme: 'light' });
      const url = pathToFileURL(file).href;
      const trouble = watchFor(url);
      await tab.goto(url);
      return Object.assign(tab, { trouble });
    });
  });
};

/** @returns what begins to watch the page that this tab opens next */
const watch = (tab: Page): ((url: string) => Trouble) => {
  let opened = '';
  let trouble: Trouble = { requests: [], errors: [] };
  tab.on('request', (request) => {
    if (request.url() !== opened) trouble.requests.push(request.url());
  });
  tab.on('dialog', (dialog) => {
    trouble.errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  tab.on('pageerror', (error) => trouble.errors.push(error.message));
  tab.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') trouble.errors.push(message.text());
  });
  return (url) => {
    opened = url;
    trouble = { requests: [], errors: [] };
    return trouble;
  };
};

const axeSource = () => readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Puts the rules of accessibility into the page, once for every time they are asked. */
export const loadRules = (page: Page): Promise<unknown> => page.evaluate(axeSource());

/** The serious and critical violations of these rules, and where they are. */
export const findViolations = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} (${nodes.length} times)`);
  });

type AxeResults = { violations: { id: string; impact: string; nodes: { html: string }[] }[] };

/** How much wider than the screen the page is, in CSS pixels. 0 when nobody must scroll sideways. */
export const measureOverflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** What scrolls but cannot be reached with the keyboard. */
export const findUnreachable = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('body *')]
    .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflow) && element.tabIndex < 0)
    .map((element) => element.outerHTML.slice(0, 80))`);

/** How many A4 sheets the printed page takes. */
export const countPrintedPages = async (page: Page): Promise<number> => {
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
};
