import type pg from 'pg';
import { keepWriting, type WriteLoad } from './write-load.ts';

/**
 * A small shop: common shapes, and names that need quoting. About 180,000 rows. They are made right, so no foreign key is
 * looked up meanwhile: that would take twice as long as all the rest.
 */
const schema = `
  set session_replication_role = replica;
  create table customers (
    id bigint generated always as identity primary key,
    name text not null,
    email text not null unique,
    updated_at timestamptz not null default now()
  );
  create table products (
    id bigint generated always as identity primary key,
    title varchar(200) not null,
    price numeric(10, 2) not null,
    stock integer not null
  );
  create table orders (
    id bigint generated always as identity primary key,
    customer_id bigint not null references customers,
    placed_at timestamptz not null default now()
  );
  create index orders_by_customer on orders (customer_id);
  create table order_lines (
    order_id bigint not null references orders on delete cascade,
    line smallint not null,
    product_id bigint not null references products,
    quantity integer not null,
    primary key (order_id, line)
  );
  create table "Audit Log" (
    "Id" bigint generated always as identity primary key,
    "What happened" text not null,
    "When" timestamptz not null default now()
  );
  create schema web;
  create table web.page_views (
    viewed_at timestamptz not null default clock_timestamp(),
    path text not null
  ) partition by hash (path);
  create table web.page_views_0 partition of web.page_views for values with (modulus 2, remainder 0);
  create table web.page_views_1 partition of web.page_views for values with (modulus 2, remainder 1);
  create table suppliers (
    id bigint generated always as identity primary key,
    name text not null
  );

  insert into customers (name, email) select 'Customer ' || n, 'c' || n || '@example.com' from generate_series(1, 20000) n;
  insert into products (title, price, stock) select 'Product ' || n, n % 97 + 0.99, 1000 from generate_series(1, 5000) n;
  insert into orders (customer_id) select n % 20000 + 1 from generate_series(1, 30000) n;
  insert into order_lines select n, line, (n * line) % 5000 + 1, line from generate_series(1, 30000) n, generate_series(1, 3) line;
  insert into "Audit Log" ("What happened") select 'event ' || n from generate_series(1, 15000) n;
  insert into web.page_views (path) select '/product/' || n % 500 from generate_series(1, 20000) n;
  insert into suppliers (name) select 'Supplier ' || n from generate_series(1, 2000) n;
  reset session_replication_role;
`;

export const loadPostgresSample = async (client: pg.Client): Promise<void> => {
  await client.query(schema);
};

/** One short transaction of a busy shop: inserts into four tables, updates to two, deletes from two. */
const shoppingRound = `
  begin;
  insert into orders (customer_id) select (random() * 19999)::int + 1 from generate_series(1, 6);
  insert into order_lines
    select o.id, line, (random() * 4999)::int + 1, line
      from (select id from orders order by id desc limit 6) o, generate_series(1, 3) line
    on conflict do nothing;
  update products set stock = stock - 1 where id in (select (random() * 4999)::int + 1 from generate_series(1, 10));
  update customers set updated_at = now() where id in (select (random() * 19999)::int + 1 from generate_series(1, 6));
  insert into "Audit Log" ("What happened") select 'order placed' from generate_series(1, 3);
  insert into web.page_views (path) select '/product/' || (random() * 499)::int from generate_series(1, 8);
  delete from order_lines where order_id in (select id from orders order by id limit 5);
  delete from orders where id in (select id from orders order by id limit 5);
  commit;
`;

export const writeToPostgresSample = (client: pg.Client): WriteLoad =>
  keepWriting(
    async () => {
      const answers = (await client.query(shoppingRound)) as unknown as pg.QueryResult[];
      return answers.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0);
    },
    () => client.end(),
  );
