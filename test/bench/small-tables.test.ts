import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { benchChecksum, benchSampled } from '../../bench/checksum.ts';
import { benchCopying, findClientTools } from '../../bench/copying.ts';
import type { Row } from '../../bench/measure.ts';
import { benchMemory } from '../../bench/memory.ts';
import { benchMysqlChecksum } from '../../bench/mysql-checksum.ts';
import { benchMysqlCopying } from '../../bench/mysql-copying.ts';
import { benchProbes } from '../../bench/probes.ts';
import { benchTables } from '../../bench/tables.ts';
import { serverPath } from '../../local/servers/user.ts';
import { hasMariadb } from '../local/mariadb.ts';

const hasPercona =
  hasMariadb && spawnSync('pt-table-checksum', ['--version'], { env: { PATH: serverPath() } }).status === 0;

const expectFigures = (rows: Row[], count: number): void => {
  expect(rows).toHaveLength(count);
  for (const { ratio } of rows) expect(ratio).toBeGreaterThan(0);
};

/** Only that they run and measure something. The figures are for people, and depend on the machine. */
describe('npm run bench on small tables: every row has its figures', () => {
  test('checksum', async () => expectFigures(await benchChecksum(3000, 1), 10));
  test('sampled', async () => expectFigures(await benchSampled(20_000, 1), 1));
  test('tables', async () => expectFigures(await benchTables(500, 1), 2));
  test('probes', async () => expectFigures(await benchProbes(1000, 1, 0.5), 2));
  test.skipIf(findClientTools() === null)('copying, beside pg_dump and pg_restore', async () =>
    expectFigures(await benchCopying(5000, 1), 2),
  );
  test('memory', async () => {
    const rows = await benchMemory(20_000);
    expectFigures(rows, 2);
    // Only values are written during the run: no row comes or goes, and every row is read to see that.
    const said =
      /^rows passed: the counts are equal.*; checksum failed: values differ: .* rows, as many as expected\)/;
    for (const { note } of rows) expect(note).toMatch(said);
  });
  test.skipIf(!hasMariadb)('mysql-copying, beside mysqldump and mysql', async () =>
    expectFigures(await benchMysqlCopying(5000, 1), 1),
  );
  test.skipIf(!hasPercona)('mysql-checksum, beside pt-table-checksum', async () =>
    expectFigures(await benchMysqlChecksum(3000, 1), 3),
  );
});
