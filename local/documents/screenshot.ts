import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { print } from '../command/command.ts';
import { launchChromium } from './browser.ts';

/** The picture in README, and how much of a report it shows. */
const picture = 'docs/report.png';
const viewport = { width: 1200, height: 760 };

const [report] = process.argv.slice(2);
if (report === undefined) {
  await print(process.stderr, 'usage: npm run screenshot -- drill-reports/DRILL/report.html');
  process.exit(2);
}
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport, colorScheme: 'light' });
  await page.goto(pathToFileURL(resolve(report)).href);
  await page.screenshot({ path: picture });
} finally {
  await browser.close();
}
