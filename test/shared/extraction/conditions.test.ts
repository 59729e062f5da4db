import { describe, expect, test } from 'vitest';
import { refuseCondition } from '../../../shared/extraction/conditions.ts';

describe.each(['postgres', 'mysql'] as const)('%s', (dialect) => {
  test.each([
    'tenant_id = 7',
    "placed_at >= '2026-11-19' and state in ('new', 'paid')",
    "name = 'O''Reilly; -- no comment /* none */'",
    'id in (select order_id from order_items where amount > 100)',
    '(a = 1 or b = 2) and not (c = 3)',
  ])('%s: one expression that reads', (sql) => {
    expect(refuseCondition(sql, dialect)).toBeNull();
  });

  test.each([
    ['nothing', '  ', 'it is empty'],
    ['a second statement', 'true; delete from orders', 'there are several'],
    ['an end of the parentheses', 'true) or (true', 'parentheses'],
    ['an open parenthesis', '(true', 'parentheses'],
    ['a comment that hides the rest', 'true -- and more', 'without comments'],
    ['a comment that has no end', 'true /* and more', 'without comments'],
    ['a hint or a comment that is run', 'true /*! or false */', 'without comments'],
    ['a quotation that has no end', "name = 'x", 'an end to each quotation'],
    ['a quoted name that has no end', '"name = 1', 'an end to each quotation'],
    ['locks', 'id in (select id from orders for update)', 'it locks rows'],
    ['an answer into something', 'id in (select id into x from orders)', 'INTO writes'],
    ['a parameter', 'id = $1', 'an end to each quotation'],
  ])('%s: refused', (_, sql, why) => {
    expect(refuseCondition(sql, dialect)).toContain(why);
  });
});

test('what the engines read differently: refused where it is a comment or has no end', () => {
  const [json, backslash] = ["(data #>> '{a}') = 'x'", "path = 'c:\\'"];
  expect(refuseCondition(json, 'postgres')).toBeNull();
  expect(refuseCondition(json, 'mysql')).toContain('without comments');
  expect(refuseCondition(backslash, 'postgres')).toBeNull();
  expect(refuseCondition(backslash, 'mysql')).toContain('an end to each quotation');
  expect(refuseCondition("path = 'it\\'s'", 'mysql')).toBeNull();
});
