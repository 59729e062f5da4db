import fc from 'fast-check';

/** What tries to end the parentheses around it, or to hide what follows. */
const signs = [
  '(',
  ')',
  "'",
  "''",
  '"',
  '`',
  '\\',
  "\\'",
  "E'",
  "e'\\''",
  "U&'",
  '$$',
  '$a$',
  'a$a$',
  '--',
  '-- ',
  '#',
  '/*',
  '*/',
  '/*!',
  ';',
  'union select 1',
  '\n',
  '\u00a0',
  '\u00e9',
  '\0',
];

const truths = ['true', '1 = 1', "'a' = 'a'", "'' is not null", "'(' <> ')'", "'\\' <> ' or '"];
const joints = [
  ' or ',
  ' and ',
  ') or (',
  ') or (true and ',
  ')',
  '(',
  ' -- ',
  ' /* ',
  ' # ',
  '; select 1 where (',
];

const anySigns = fc
  .array(fc.constantFrom(...truths, ...joints, ...signs), { minLength: 1, maxLength: 6 })
  .map((some) => some.join(''));
const almostRight = fc
  .tuple(
    fc.constantFrom(...truths),
    fc.array(fc.tuple(fc.constantFrom(...joints), fc.constantFrom(...truths, ...signs)), { maxLength: 4 }),
  )
  .map(([first, others]) => [first, ...others.flat()].join(''));

export const anyCondition = fc.oneof(anySigns, almostRight);
