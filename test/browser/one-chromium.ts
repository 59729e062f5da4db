import type { TestProject } from 'vitest/node';
import { chromiumPath, serveChromium } from '../../local/documents/browser.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the one Chromium of all files listens. */
    chromium: string;
  }
}

/** To start one takes longer than most of its tests. */
export default async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  if (chromiumPath === undefined) return undefined;
  const server = await serveChromium();
  project.provide('chromium', server.wsEndpoint());
  return () => server.close();
};
