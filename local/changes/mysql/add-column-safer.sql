-- The same column. It is added in an instant or not at all, and no statement waits for a lock.
-- NOWAIT is MariaDB's. On Aurora MySQL: set session lock_wait_timeout = 1, and limits that allow a wait of a second.
alter table order_lines nowait add column token char(36), algorithm=instant;
alter table order_lines nowait alter column token set default (uuid()), algorithm=instant;
-- The old rows are filled later, in batches that are committed one by one; then comes NOT NULL.
