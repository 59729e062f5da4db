import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/** Unit tests start nothing: whoever calls for a process belongs to another project of vitest.config.ts. */
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const) {
  Object.assign(childProcess, {
    [name]: () => {
      throw new Error(`${name}: a unit test starts no process; see the projects in vitest.config.ts`);
    },
  });
}
syncBuiltinESMExports();
