-- The same column. No statement waits longer than 200 ms for a lock, and none writes the table anew.
set lock_timeout = '200ms';
alter table order_lines add column token uuid;
alter table order_lines alter column token set default gen_random_uuid();
-- The old rows are filled later, in batches that are committed one by one; then comes NOT NULL.
