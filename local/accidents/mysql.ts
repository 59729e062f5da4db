import type { Script } from './accident.ts';

const probe = (table: string, columns: string, condition = 'true'): string =>
  `select count(*), sum(crc32(concat_ws(',', ${columns}))) from ${table} where ${condition}`;

/** The write load deletes the oldest orders and adds new ones: those in between stay for minutes. */
export const badUpdate: Script = {
  table: 'order_lines',
  effect: 'changed',
  sql: 'update order_lines set quantity = 0 where order_id between 15001 and 25000',
  probe: probe('order_lines', 'order_id, line, product_id, quantity', 'order_id between 15001 and 25000'),
  redefined: [],
};

export const deletedRows: Script = {
  table: 'Audit Log',
  effect: 'gone',
  sql: 'delete from `Audit Log` where `Id` between 5001 and 10000',
  probe: probe('`Audit Log`', '`Id`, `What happened`, `When`', '`Id` between 5001 and 10000'),
  redefined: [],
};

export const droppedTable: Script = {
  table: 'suppliers',
  effect: 'dropped',
  sql: 'drop table suppliers',
  probe: probe('suppliers', 'id, name'),
  redefined: [],
};

export const wrongCustomer: Script = {
  table: 'orders',
  effect: 'changed',
  sql: 'update orders set customer_id = 1 where id between 15001 and 18000',
  probe: probe('orders', 'id, customer_id, placed_at', 'id between 15001 and 18000'),
  redefined: [],
};

/** It gives customers new numbers, and stops after half of their orders. */
export const badMigration: Script = {
  table: 'orders',
  effect: 'changed',
  sql: `
    alter table orders drop foreign key orders_ibfk_1, drop key customer_id, modify customer_id integer not null;
    update orders set customer_id = customer_id + 1000000 where id between 7501 and 22500`,
  probe: probe('orders', 'id, customer_id, placed_at', 'id between 7501 and 22500'),
  redefined: ['`customer_id` bigint', 'index `customer_id`', 'foreign key `orders_ibfk_1`'],
};
