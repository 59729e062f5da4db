-- Looks harmless in a review: one more column, which is new, so nobody can be using it.
-- A volatile default is another one for each row, so the server writes the whole table anew, and nobody else may even read it.
alter table order_lines add column token uuid not null default gen_random_uuid();
