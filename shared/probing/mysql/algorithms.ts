import { formatTableName } from '../../database/tables.ts';
import { describeError } from '../../errors.ts';
import type { Concluded, Statement } from '../port.ts';
import type { Ask, MysqlTable } from './catalog.ts';
import { readDefinition, tellAlgorithm } from './definition.ts';
import type { Looks } from './looks.ts';
import { findBestAlgorithm } from './twin.ts';

/** Told by what stood before a statement, once it has run and was looked at. */
export type Tell = (affectedRows: number) => Pick<Concluded, 'algorithm' | 'notMeasured'>;

export type Algorithms = {
  /** @param readSettings those of the change's session that matter, as assignments in SQL */
  before(statement: Statement, readSettings: () => Promise<string>): Promise<Tell>;
};

const tellNone: Tell = () => ({ algorithm: null, notMeasured: [] });

/** @param database where names without one are */
export const algorithmsOn = (
  ask: Ask,
  looks: Looks,
  tables: ReadonlyMap<string, MysqlTable>,
  database: string,
): Algorithms => ({
  before: async ({ sql }, readSettings) => {
    const definition = readDefinition(sql, database);
    if (definition === null) return tellNone;
    const { table, asked, on } = definition;
    const name = formatTableName(table);
    const rewritten = looks.countRewrites(name);
    if (rewritten === null || !tables.has(name)) return tellNone;
    const notMeasured: string[] = [];
    let best: string | null = null;
    if (on !== null) {
      try {
        best = await findBestAlgorithm(ask, table, on, await readSettings());
      } catch (error) {
        notMeasured.push(`the best algorithm that it could take is not known: ${describeError(error)}`);
      }
    }
    return (affectedRows) => {
      const isRebuilt = looks.countRewrites(name) !== rewritten;
      const took = tellAlgorithm(asked, best, { affectedRows, isRebuilt });
      return {
        algorithm: { took, wouldTake: best ?? took },
        notMeasured: [...notMeasured, ...looks.describe(name)],
      };
    };
  },
});
