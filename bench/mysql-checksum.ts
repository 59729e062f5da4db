import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { listMissingPrograms, mariadbOwner } from '../local/servers/mariadb.ts';
import { serverPath } from '../local/servers/user.ts';
import { mysqlDatabase } from '../shared/database/mysql/reader.ts';
import type { Reader } from '../shared/database/port.ts';
import { chooseRanges, coarseRequest, readInPieces } from '../shared/rows/reading.ts';
import { measureAll, type Row, showSeconds, timeSeconds } from './measure.ts';
import { password, signIn, startBenchMariadb } from './mysql-bench.ts';
import { findBenchTable } from './postgres-bench.ts';

const skip = (note: string): Row[] => [
  { name: 'full checksum of MySQL', ours: 'skipped', other: 'pt-table-checksum', ratio: null, note },
];

/** Debian's percona-toolkit, on the same table of the same server. There are no replicas for it to check. */
const runPercona = (port: number) =>
  promisify(execFile)(
    'pt-table-checksum',
    [
      '--recursion-method=none',
      '--no-check-binlog-format',
      '--no-check-replication-filters',
      '--no-version-check',
      '--quiet',
      '--databases=bench',
      '--tables=orders',
      `h=127.0.0.1,P=${port},u=${mariadbOwner},p=${password}`,
    ],
    { env: { PATH: serverPath(), HOME: '/' } },
  );

const hasPercona = (): Promise<boolean> =>
  promisify(execFile)('pt-table-checksum', ['--version'], { env: { PATH: serverPath() } }).then(
    () => true,
    () => false,
  );

/** A full checksum as a drill reads it, with two sessions and with one, beside pt-table-checksum. */
export const benchMysqlChecksum = async (rows = 2_000_000, rounds = 5): Promise<Row[]> => {
  const missing = listMissingPrograms(serverPath());
  if (missing.length > 0) return skip(`MariaDB is not installed: ${missing.join(', ')}`);
  if (!(await hasPercona()))
    return skip('pt-table-checksum is not installed: apt-get install percona-toolkit');
  const { address, client, stop } = await startBenchMariadb(rows);
  const { port } = address;
  try {
    const database = mysqlDatabase(signIn);
    const open = async (sessions: number): Promise<Reader> => {
      const reader = await database.open(address, { sessions, remainingMs: () => 600_000 });
      await reader.openSnapshot(0);
      return reader;
    };
    const hashWith = async (reader: Reader) => {
      const table = await findBenchTable(reader, 'orders');
      return () =>
        timeSeconds(async () => {
          const ranges = await chooseRanges(reader, table);
          await readInPieces(reader, table, coarseRequest('values', ranges));
        });
    };
    const [one, two] = [await open(1), await open(2)];
    const seen = await measureAll(rounds, {
      two: await hashWith(two),
      one: await hashWith(one),
      percona: () => timeSeconds(() => runPercona(port)),
      count: () => timeSeconds(() => client.query('select count(*) from bench.orders')),
    });
    await Promise.all([one.close(), two.close()]);
    const row = (ours: number, sessions: string, other: number, otherName: string): Row => ({
      name: `full checksum of ${rows / 1e6} million rows of MySQL, ${sessions}`,
      ours: showSeconds(ours),
      other: `${showSeconds(other)} ${otherName}`,
      ratio: other / ours,
      note: `${(ours / other).toFixed(2)} times its time, median of ${rounds}`,
    });
    return [
      row(seen.two, 'two sessions', seen.percona, 'pt-table-checksum'),
      row(seen.one, 'one session', seen.percona, 'pt-table-checksum'),
      row(seen.two, 'two sessions', seen.count, 'count(*)'),
    ];
  } finally {
    await stop();
  }
};
