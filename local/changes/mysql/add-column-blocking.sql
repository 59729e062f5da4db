-- Looks harmless in a review: one more column, which is new, so nobody can be using it.
-- A default that is another one for each row makes the server copy the whole table, and nobody else may write to it meanwhile.
alter table order_lines add column token char(36) not null default (uuid());
