import type mysql from 'mysql2/promise';
import { keepWriting, type WriteLoad } from './write-load.ts';

/**
 * The same small shop as in PostgreSQL, about 180,000 rows, with three differences. Its schema `web` is a second database.
 * Customers have a birthday: a nullable column of a type that PostgreSQL's shop lacks. And orders have no index for
 * customers: the server makes one for the foreign key.
 */
const schema = `
  create table customers (
    id bigint unsigned not null auto_increment primary key,
    name varchar(100) not null,
    email varchar(200) not null unique,
    born date,
    updated_at timestamp(6) not null default current_timestamp(6)
  );
  create table products (
    id bigint unsigned not null auto_increment primary key,
    title varchar(200) not null,
    price decimal(10, 2) not null,
    stock integer not null
  );
  create table orders (
    id bigint unsigned not null auto_increment primary key,
    customer_id bigint unsigned not null,
    placed_at datetime(6) not null default current_timestamp(6),
    foreign key (customer_id) references customers (id)
  );
  create table order_lines (
    order_id bigint unsigned not null,
    line smallint not null,
    product_id bigint unsigned not null,
    quantity integer not null,
    primary key (order_id, line),
    foreign key (order_id) references orders (id) on delete cascade,
    foreign key (product_id) references products (id)
  );
  create table \`Audit Log\` (
    \`Id\` bigint not null auto_increment primary key,
    \`What happened\` text not null,
    \`When\` timestamp not null default current_timestamp
  );
  create database if not exists web;
  create table web.page_views (
    viewed_at timestamp(6) not null default current_timestamp(6),
    path varchar(100) not null
  ) partition by key (path) partitions 2;
  create table suppliers (
    id bigint unsigned not null auto_increment primary key,
    name varchar(100) not null
  );

  insert into customers (name, email, born)
    select concat('Customer ', seq), concat('c', seq, '@example.com'), date '1960-01-01' + interval seq day
      from seq_1_to_20000;
  insert into products (title, price, stock) select concat('Product ', seq), seq % 97 + 0.99, 1000 from seq_1_to_5000;
  insert into orders (id, customer_id) select seq, seq % 20000 + 1 from seq_1_to_30000;
  insert into order_lines
    select n.seq, line.seq, (n.seq * line.seq) % 5000 + 1, line.seq from seq_1_to_30000 n, seq_1_to_3 line;
  insert into \`Audit Log\` (\`What happened\`) select concat('event ', seq) from seq_1_to_15000;
  insert into web.page_views (path) select concat('/product/', seq % 500) from seq_1_to_20000;
  insert into suppliers (name) select concat('Supplier ', seq) from seq_1_to_2000;
`;

export const loadMysqlSample = async (connection: mysql.Connection): Promise<void> => {
  await connection.query(schema);
};

/** One short transaction of a busy shop: inserts into four tables, updates to two, deletes from two. */
const shoppingRound = `
  start transaction;
  insert into orders (customer_id) select floor(rand() * 20000) + 1 from seq_1_to_6;
  insert into order_lines
    select o.id, line.seq, floor(rand() * 5000) + 1, line.seq
      from (select id from orders order by id desc limit 6) o, seq_1_to_3 line;
  update products join (select distinct floor(rand() * 5000) + 1 as id from seq_1_to_10) sold using (id)
     set stock = stock - 1;
  update customers join (select distinct floor(rand() * 20000) + 1 as id from seq_1_to_6) seen using (id)
     set updated_at = now(6);
  insert into \`Audit Log\` (\`What happened\`) select 'order placed' from seq_1_to_3;
  insert into web.page_views (path) select concat('/product/', floor(rand() * 500)) from seq_1_to_8;
  select id into @fifth from orders order by id limit 4, 1;
  delete from order_lines where order_id <= @fifth;
  delete from orders where id <= @fifth;
  commit;
`;

export const writeToMysqlSample = (connection: mysql.Connection): WriteLoad =>
  keepWriting(
    async () => {
      const [answers] = await connection.query<mysql.ResultSetHeader[]>(shoppingRound);
      return answers.reduce((sum, { affectedRows }) => sum + affectedRows, 0);
    },
    () => connection.end(),
  );
