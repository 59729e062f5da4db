import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserServer, chromium, type LaunchOptions } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** Any Chromium on PATH, instead of Playwright's download. Undefined when there is none. */
export const chromiumPath = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)))
  .find((path) => existsSync(path));

const launchOptions = (): LaunchOptions => {
  if (chromiumPath === undefined)
    throw new Error(`there is none of ${names.join(', ')} on PATH: install one`);
  return {
    executablePath: chromiumPath,
    args: [
      // Chromium's sandbox does not start as root, as in most containers.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  };
};

/** @throws Error when there is no Chromium */
export const launchChromium = async (): Promise<Browser> => chromium.launch(launchOptions());

/** For several processes, each of which connects to its endpoint. @throws Error when there is no Chromium */
export const serveChromium = async (): Promise<BrowserServer> => chromium.launchServer(launchOptions());
