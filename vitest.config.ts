import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Tests that start database servers, or commands that do; and one that replaces a module, which others must not share. */
const servers = [
  'test/bench/small-tables.test.ts',
  'test/local/command/{file-lock,report-folder,settings}.test.ts',
  'test/local/*.test.ts',
  'test/local/aurora/*.test.ts',
  'test/local/faults/*.test.ts',
  'test/local/hostile/*.test.ts',
  'test/local/servers/{mariadb,process}.test.ts',
  'test/local/sources/sql-file-mysql.test.ts',
  'test/shared/database/mysql/*.test.ts',
  'test/shared/database/postgres/*.test.ts',
  'test/shared/extraction/sql-on-*.test.ts',
  'test/shared/probing/{mysql,postgres}/*.test.ts',
  'test/shared/copying/{mysql,postgres}/*.test.ts',
  'test/statemachines/{drill-passes,no-secrets,side-effects}.test.ts',
  'test/statemachines/extract/no-secrets.test.ts',
  'test/statemachines/extract/servers.test.ts',
  'test/statemachines/{rehearsal,rewind}/servers.test.ts',
  'test/statemachines/rewind/no-secrets.test.ts',
];

/** @param isolated whether each file gets a worker of its own; without, files share what they have imported */
const project = (name: string, include: string[], isolated: boolean, more = {}) => ({
  extends: true as const,
  test: { name, include, isolate: isolated, ...more },
});

export default defineConfig({
  test: {
    // Some tests start real database servers; machines are shared. A test that waits for something that never comes has failed
    // anyway, so it may take long.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // One more than two cores: many tests wait for a server most of the time.
    maxWorkers: 3,
    env: {
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      AWS_REGION: 'eu-west-1',
      NO_COLOR: '1',
      // Tests start the local commands dozens of times, and half of a start is reading the code.
      NODE_COMPILE_CACHE: resolve('node_modules/.cache/node'),
    },
    projects: [
      project('unit', ['test/{bench,functions,local,shared,statemachines}/**/*.test.ts'], false, {
        exclude: servers,
        setupFiles: ['test/no-processes.ts'],
      }),
      project('servers', servers, true),
      project('packaging', ['test/packaging/**/*.test.ts'], true, {
        // Bundles run as they were built: Vite would transform each of them for every test that loads it.
        server: { deps: { external: [/aurora-drills-package-/] } },
      }),
      project('docs', ['test/docs/**/*.test.ts'], false),
      project('browser', ['test/browser/**/*.test.ts'], false, {
        globalSetup: ['test/browser/one-chromium.ts'],
      }),
    ],
  },
});
