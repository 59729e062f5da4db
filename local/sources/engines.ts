import type { EngineName } from '../servers/engine-name.ts';
import { mysqlEngine } from './mysql.ts';
import { postgresEngine } from './postgres.ts';
import { loadMysqlSample } from './sample-mysql.ts';
import { loadPostgresSample } from './sample-postgres.ts';
import type { Engine } from './source.ts';
import type { SqlFile } from './sql-file.ts';
import { loadMysqlFile } from './sql-file-mysql.ts';
import { loadPostgresFile } from './sql-file-postgres.ts';

/** @param sql fills its source, or null for the sample */
export const chooseEngine = (name: EngineName, sql: SqlFile | null): Engine => {
  switch (name) {
    case 'postgres':
      return postgresEngine(sql === null ? loadPostgresSample : (client) => loadPostgresFile(client, sql));
    case 'mysql':
      return mysqlEngine((target) =>
        sql === null ? loadMysqlSample(target.connection) : loadMysqlFile(sql, target),
      );
    default:
      return name satisfies never;
  }
};
