import type { EngineName } from '../servers/engine-name.ts';
import { mysqlEngine } from './mysql.ts';
import { postgresEngine } from './postgres.ts';
import { loadMysqlSample } from './sample-mysql.ts';
import { loadPostgresSample } from './sample-postgres.ts';
import type { Engine } from './source.ts';
import type { SqlFile, Tell } from './sql-file.ts';
import { loadMysqlFile } from './sql-file-mysql.ts';
import { loadPostgresFile } from './sql-file-postgres.ts';

/**
 * @param sql fills its source, or null for the sample
 * @param tell hears what of the file was loaded in another way
 */
export const chooseEngine = (name: EngineName, sql: SqlFile | null, tell: Tell = () => {}): Engine => {
  switch (name) {
    case 'postgres':
      return postgresEngine(
        sql === null ? loadPostgresSample : (client) => loadPostgresFile(client, sql, tell),
      );
    case 'mysql':
      return mysqlEngine((target) =>
        sql === null ? loadMysqlSample(target.connection) : loadMysqlFile(sql, target, tell),
      );
    default:
      return name satisfies never;
  }
};
