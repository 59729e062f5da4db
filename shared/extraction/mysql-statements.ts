import { filterLive, lines, listValues, type Parts, type Statements } from './statements.ts';

/** MySQL gives a row whose number is 0 the next one, unless the session says otherwise. */
const keepZero = "set session sql_mode = concat(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO');";

/** The statements for MySQL. Values are compared as bytes too: to most collations, a and A are equal. */
export const writeMysql = (parts: Parts): Statements => {
  const { live, extracted, key, columns, quote } = parts;
  const same = key.map((column) => `live.${quote(column)} = was.${quote(column)}`).join(' and ');
  const names = columns.map(quote);
  const values = listValues(parts);
  const differs = `not (${values.map(isEqual).join(' and ')})`;
  const isGone = `not exists (select 1 from ${live} as live where ${same})`;
  const both = `join ${extracted} as was on ${same}`;
  return {
    changed: lines('select was.*, live.*', `from ${live} as live`, both, `where ${differs};`),
    gone: lines('select was.*', `from ${extracted} as was`, `where ${isGone};`),
    added: lines(
      'select live.*',
      `from ${filterLive(parts)}`,
      `where not exists (select 1 from ${extracted} as was where ${same});`,
    ),
    update: lines(
      `update ${live} as live`,
      both,
      `set ${values.map((value) => `live.${value} = was.${value}`).join(', ')}`,
      `where ${differs};`,
    ),
    insert: lines(
      keepZero,
      `insert into ${live} (${names.join(', ')})`,
      `select ${names.map((name) => `was.${name}`).join(', ')}`,
      `from ${extracted} as was`,
      `where ${isGone};`,
    ),
  };
};

const isEqual = (value: string): string =>
  `was.${value} <=> live.${value} and cast(was.${value} as binary) <=> cast(live.${value} as binary)`;
