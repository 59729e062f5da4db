import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { print } from '../command/command.ts';
import { launchChromium } from './browser.ts';

/** How wide a report the pictures in README show. */
const width = 1200;

const [report, picture = 'docs/report.png', height = '760'] = process.argv.slice(2);
if (report === undefined) {
  await print(
    process.stderr,
    'usage: npm run screenshot -- drill-reports/DRILL/report.html [PICTURE [HEIGHT]]',
  );
  process.exit(2);
}
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width, height: Number(height) }, colorScheme: 'light' });
  await page.goto(pathToFileURL(resolve(report)).href);
  await page.screenshot({ path: picture });
} finally {
  await browser.close();
}
