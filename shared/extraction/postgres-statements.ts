import { filterLive, lines, listValues, type Parts, type Statements } from './statements.ts';

/**
 * The statements for PostgreSQL. A row of the extract is read as one of the live table, by its text: its enum and composite
 * types are others, in its own schema, and some types have no comparison (json, point).
 */
export const writePostgres = (parts: Parts): Statements => {
  const { live, rows, extracted, key, columns, quote } = parts;
  const was = `(select (kept.*)::text::${live} as r from ${extracted} as kept offset 0) as was`;
  const same = key.map((column) => `live.${quote(column)} = (was.r).${quote(column)}`).join(' and ');
  const differs = '(was.r)::text is distinct from (live.*)::text';
  const names = columns.map(quote);
  const values = listValues(parts);
  const isGone = `not exists (select from ${rows} as live where ${same})`;
  return {
    changed: lines(
      'select (was.r).*, live.*',
      `from ${was}`,
      `join ${rows} as live on ${same}`,
      `where ${differs};`,
    ),
    gone: lines('select (was.r).*', `from ${was}`, `where ${isGone};`),
    added: lines(
      'select live.*',
      `from ${filterLive(parts)}`,
      `where not exists (select from ${was} where ${same});`,
    ),
    update: lines(
      `update ${rows} as live`,
      `set ${values.map((value) => `${value} = (was.r).${value}`).join(', ')}`,
      `from ${was}`,
      `where ${same} and ${differs};`,
    ),
    insert: lines(
      `insert into ${live} (${names.join(', ')}) overriding system value`,
      `select ${names.map((name) => `(was.r).${name}`).join(', ')}`,
      `from ${was}`,
      `where ${isGone}`,
      `on conflict (${key.map(quote).join(', ')}) do nothing;`,
    ),
  };
};
