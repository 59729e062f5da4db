/** A small database with everything that a table may have. */
export const shop = `
  create database other;
  create table genres (id int auto_increment primary key, name varchar(20) collate utf8mb4_bin not null unique) auto_increment = 50;
  create table employees (id int primary key, boss int, constraint boss foreign key (boss) references employees (id) on delete set null);
  create table other.prices (id int primary key, amount decimal(9, 2)) comment 'it''s \\\\ another\\ndatabase';
  create table tracks (
    id int auto_increment primary key, genre int, title varchar(40) not null default 'it''s \\\\ \`a\`, (title', price int,
    constraint genre foreign key (genre) references genres (id) on update cascade,
    constraint price foreign key (price) references other.prices (id)
  ) auto_increment = 1000;
  create table \`Ho"stile, (\`\`na.me\` (
    \`sel,ect(\` varchar(30) character set latin1 collate latin1_german1_ci default 'a),b' comment 'a column, (it''s)',
    id int unsigned not null auto_increment,
    part int not null default 0, hidden int invisible default 7,
    state enum('new', 'pa''id', 'c\\\\d', 'e,f') default 'pa''id', bits bit(3) default b'101',
    doubled int generated always as (part * 2) virtual, kept int generated always as (part * 3) stored,
    track int, employee int, seen timestamp(3) default current_timestamp(3) on update current_timestamp(3),
    body text, place point not null default (point(1, 2)), note json default '{}',
    primary key (part, id), key \`by id, (\` (id), unique key state (state, part, id), key \`body,\` (body(10) desc),
    fulltext key words (body), fulltext key more (\`sel,ect(\`), spatial key place (place), key ignored_one (employee) ignored,
    key doubled (doubled) comment 'an index, (it''s)',
    constraint track foreign key (track) references tracks (id), constraint employee foreign key (employee) references employees (id),
    constraint \`is, (small\` check (part < 1000 and state <> 'x), y')
  ) comment 'a table, ''PARTITION BY'' nothing' row_format = dynamic;
  create trigger watch before insert on genres for each row set new.name = new.name;

  insert into genres (name) select concat('genre ', seq) from seq_1_to_25;
  insert into employees select seq, nullif(seq div 2, 0) from seq_1_to_8;
  insert into other.prices select seq, seq / 3 from seq_1_to_30;
  insert into tracks (genre, title, price) select 50 + seq % 25, concat('track ', seq), seq % 30 + 1 from seq_1_to_500;
  insert into \`Ho"stile, (\`\`na.me\` (part, track, employee, body, seen)
    select seq % 7, 1000 + seq, seq % 8 + 1, concat('words of ', seq), '2026-11-19 02:13:00.123' from seq_1_to_300;

  create table events (id bigint not null, at date not null, body text, primary key (id, at), key by_day (at))
    partition by range columns (at) subpartition by hash (id) subpartitions 2
      (partition old values less than ('2026-01-01'), partition \`new\` values less than maxvalue comment 'and so on');
  insert into events select seq, date '2025-12-01' + interval seq % 90 day, concat('event ', seq) from seq_1_to_2000;
  create table versioned (id int primary key, body text without system versioning) with system versioning
    partition by system_time (partition was history, partition is_now current);
  insert into versioned values (1, 'then');
  update versioned set body = 'now';
  delete from versioned where id = 5;
  create table old_engine (id int, body text) engine = Aria transactional = 0;
  insert into old_engine values (1, 'x'), (1, 'x'), (null, null);
  create table only_unique (b int not null, a int not null, body text, unique key by_b (b), unique key by_both (a, b));
  insert into only_unique select seq, -seq, 'x' from seq_1_to_50;
  create table nothing_in (id int auto_increment primary key) auto_increment = 77;
  create table all_computed (one int as (1) stored, two int as (2));
  insert into all_computed values (), ();
  create table same_name (id int primary key);
  create table other.same_name (id int primary key);
  create view seen as select 1 as one;
  create sequence counting;
  create table quick (id int) engine = memory;
  create table in_file (id int not null) engine = csv;
  create table periods (id int primary key, a timestamp(6) generated always as row start, b timestamp(6) generated always as row end,
    period for system_time (a, b)) with system versioning;`;

export const hostile = 'shop."Ho""stile, (`na.me"';
export const hostileName = '`Ho"stile, (``na.me`';
