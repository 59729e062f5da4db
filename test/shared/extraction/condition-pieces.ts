import fc from 'fast-check';

/** What a text is made of that tries to end the parentheses around it, or to hide what follows. */
const pieces = [
  'true',
  '1 = 1',
  ' or ',
  ' and ',
  ' ',
  '\n',
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
  "N'",
  "U&'",
  "x'61'",
  '$$',
  '$a$',
  'a$a$',
  '--',
  '-- ',
  '#',
  '/*',
  '*/',
  '/*!',
  '/*!50000',
  ';',
  'union select 1',
  '\\N',
  ' is null',
  '\u00a0',
  '\u00e9',
  '\0',
];

export const anyCondition = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 9 })
  .map((some) => some.join(''));
