import type { Accident } from './accident.ts';
import * as mysql from './mysql.ts';
import * as postgres from './postgres.ts';

/** Accidents of the sample database. */
export const accidents: readonly Accident[] = [
  {
    name: 'bad-update',
    description: 'an update with the wrong condition sets the quantity of 30,000 order lines to 0',
    scripts: { postgres: postgres.badUpdate, mysql: mysql.badUpdate },
  },
  {
    name: 'dropped-table',
    description: 'the table of suppliers is dropped',
    scripts: { postgres: postgres.droppedTable, mysql: mysql.droppedTable },
  },
  {
    name: 'wrong-customer',
    description: 'a support script gives 3,000 orders to one customer',
    scripts: { postgres: postgres.wrongCustomer, mysql: mysql.wrongCustomer },
  },
  {
    name: 'bad-migration',
    description:
      'a migration of orders stops half-way: a column has another type and new values in half of the rows, and a key and an index are gone',
    scripts: { postgres: postgres.badMigration, mysql: mysql.badMigration },
  },
  {
    name: 'deleted-rows',
    description: 'a cleanup deletes 5,000 rows of the audit log that are still needed',
    scripts: { postgres: postgres.deletedRows, mysql: mysql.deletedRows },
  },
];
