import type { Mishap } from './accident.ts';

/** A migration that passes every review: a column that has to have a value, and no default for those who do not know it yet. */
export const neededColumn: Mishap & { probe: string } = {
  name: 'needed-column',
  sql: 'alter table orders add column channel varchar(20) not null',
  table: 'orders',
  probe: `
    select (select count(*) from information_schema.columns
             where table_schema = database() and table_name = 'orders'),
           count(*), sum(crc32(concat_ws(',', id, customer_id, placed_at)))
      from orders where id between 15001 and 25000`,
};
