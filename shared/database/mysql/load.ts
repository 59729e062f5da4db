import type { Load } from '../port.ts';
import type { MysqlSession } from './session.ts';

const what = 'read the load';

type Named = { Variable_name: string; Value: string };

/** MySQL counts the rows of users' tables apart from its own. MariaDB counts rows written, without temporary tables. */
const written = {
  mysql: ['Innodb_rows_inserted', 'Innodb_rows_updated', 'Innodb_rows_deleted'],
  mariadb: ['Handler_write', 'Handler_update', 'Handler_delete'],
};

/** @param atMs of the server's clock, just before */
export const readMysqlLoad = async ({ query }: MysqlSession, atMs: number): Promise<Load> => {
  const wanted = [...written.mysql, ...written.mariadb, 'Threads_connected'].map((name) => `'${name}'`);
  const rows = await query<Named>(what, `show global status where Variable_name in (${wanted})`);
  const values = new Map(rows.map(({ Variable_name: name, Value }) => [name, Number(Value)]));
  const counted = values.has('Innodb_rows_inserted') ? written.mysql : written.mariadb;
  return {
    atMs,
    rowsWritten: counted.reduce((sum, name) => sum + (values.get(name) ?? 0), 0),
    // This one is not another.
    connections: Math.max(0, (values.get('Threads_connected') ?? 0) - 1),
    binlog: await readBinlog(query),
  };
};

/** Without the privilege PROCESS, a user sees its own threads alone: then an empty list says nothing. */
const readBinlog = async (query: MysqlSession['query']): Promise<Load['binlog']> => {
  const [log] = await query<Named>(what, `show global variables like 'log\\_bin'`);
  if (log?.Value !== 'ON') return { isOn: false, consumers: [] };
  const readers = await query<{ host: string }>(
    what,
    `select host as host from information_schema.processlist where command like 'Binlog Dump%' order by host`,
  );
  return { isOn: true, consumers: readers.length === 0 ? null : readers.map(({ host }) => host) };
};
