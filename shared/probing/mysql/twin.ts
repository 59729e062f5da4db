import { nameInSql } from '../../database/mysql/names.ts';
import type { Ask } from './catalog.ts';
import type { Definition } from './definition.ts';

/** Beside the table, so that the statement means the same there. Nobody else may use the name. */
const twinName = 'aurora_drills_twin';

/** ER_ALTER_OPERATION_NOT_SUPPORTED and _REASON: this algorithm cannot do it. */
const unsupported = [1845, 1846];

/** From the best on. What neither can do, a copy does. */
const algorithms = ['INSTANT', 'INPLACE'];

/**
 * Tries a change of a definition on an empty table like the one that it is for, which is dropped again.
 * @param settings of the change's session that matter, as an assignment in SQL
 * @returns the best algorithm that the server allows
 */
export const findBestAlgorithm = async (
  ask: Ask,
  { schema, table }: { schema: string; table: string },
  on: NonNullable<Definition['on']>,
  settings: string,
): Promise<string> => {
  const twin = nameInSql({ schema, table: twinName });
  await ask(`set session ${settings}`);
  await ask(`drop table if exists ${twin}`);
  await ask(`create table ${twin} like ${nameInSql({ schema, table })}`);
  try {
    for (const algorithm of algorithms) {
      if (await succeeds(() => ask(on(twin, algorithm)))) return algorithm;
    }
    return 'COPY';
  } finally {
    await ask(`drop table ${twin}`);
  }
};

const succeeds = async (act: () => Promise<unknown>): Promise<boolean> => {
  try {
    await act();
    return true;
  } catch (error) {
    if (!unsupported.includes((error as { errno?: number }).errno ?? 0)) throw error;
    return false;
  }
};
