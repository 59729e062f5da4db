import { canonicalName } from './checks.ts';
import type { Session } from './database.ts';
import type { TableFigures } from './drill-state.ts';
import { DrillError } from './errors.ts';
import type { Checks } from './plan.ts';
import { formatTableName } from './tables.ts';
import { listSome } from './words.ts';

/**
 * The figures of the tables that a plan checks, from one snapshot of production.
 * @throws DrillError EmptyDatabase when there is no user table, TableNotFound when the plan names one that is not there
 */
export const readFigures = async (
  session: Session,
  checks: Checks,
  options: { countRows: boolean },
): Promise<TableFigures[]> => {
  const tables = await session.listTables();
  if (tables.length === 0) throw new DrillError('EmptyDatabase', 'the database has no user table');
  const names = new Set(tables.map(formatTableName));
  const wanted = checks.tables === 'all' ? names : new Set(checks.tables.map(canonicalName));
  const asked = [...wanted, ...Object.keys(checks.overrides).map(canonicalName)];
  const absent = asked.filter((name) => !names.has(name));
  if (absent.length > 0) {
    throw new DrillError(
      'TableNotFound',
      `production has no table ${absent.join(', ')}; it has ${listSome([...names], 20)}`,
    );
  }
  const figures: TableFigures[] = [];
  for (const table of tables) {
    const name = formatTableName(table);
    if (!wanted.has(name)) continue;
    const rows = options.countRows ? await session.countRows(table) : null;
    figures.push({ table: name, columns: table.columns, rows });
  }
  return figures;
};
