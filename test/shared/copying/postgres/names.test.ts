import { expect, test } from 'vitest';
import { moveInto } from '../../../../shared/copying/postgres/names.ts';

const names = {
  schema: 'there',
  moved: new Set(['"public"."orders"', '"public"."mood"', '"od ""d"."a.b"', '"public"."it\'s"']),
  known: new Set(['"public"."citext"', '"public"."@>"']),
};

test.for([
  ["nextval('public.orders'::regclass)", `nextval('"there".orders'::regclass)`],
  [`nextval('public."it''s"'::regclass)`, `nextval('"there"."it''s"'::regclass)`],
  ["'public.orders'::text", "'public.orders'::text"],
  ["nextval(('public.orders'::text)::regclass)", `nextval(('"there".orders'::text)::regclass)`],
  ["'sad'::public.mood", `'sad'::"there".mood`],
  ['"od ""d"."a.b".c', '"there"."a.b".c'],
  ['(place).orders + 1.5', '(place).orders + 1.5'],
  ['x::public.citext OPERATOR(public.@>) y', 'x::public.citext OPERATOR(public.@>) y'],
  ['x OPERATOR(pg_catalog.=) y', 'x OPERATOR(pg_catalog.=) y'],
] as const)('%s moves to %s, and nothing is missing', ([text, sql]) => {
  expect(moveInto(text, names)).toEqual({ sql, missing: [] });
});

test.for([
  ['public.twice(x) > public.twice(y)', ['public.twice']],
  ['x OPERATOR(public.<->) y', ['public.<->']],
  ["nextval('other.numbers'::regclass)", ['other.numbers']],
  ['x COLLATE "public"."german"', ['public.german']],
  [`to_tsvector('public.own'::regconfig, body)`, ['public.own']],
] as const)('%s needs what does not come along: %s', ([text, missing]) => {
  expect(moveInto(text, names).missing).toEqual(missing);
});
