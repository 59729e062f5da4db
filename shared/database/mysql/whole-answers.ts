import { DrillError } from '../../errors.ts';
import { type CatalogSession, type Flavour, lockWaitSeconds } from './session.ts';

type Query = CatalogSession['query'];

/** ER_LOCK_WAIT_TIMEOUT, ER_WARN_I_S_SKIPPED_TABLE */
const leftOut = [1205, 1684];

/** The catalog opens one table after the other, and waits this long for each that is locked, in seconds. */
const catalogLockWait: Record<Flavour, number> = { mysql: 1, mariadb: 0 };

const maxLooks = 6;
const pauseSql = 'do sleep(0.2)';

/**
 * Asks the catalog, and says whether it left something out. MariaDB opens tables for most answers. When somebody holds one
 * exclusively, its rows are missing, or empty, and only a warning says so. That may pass in a moment, so it looks again for
 * a second. MySQL answers from its dictionary.
 */
export const askCatalog = async <Row extends object>(
  session: CatalogSession,
  what: string,
  sql: string,
): Promise<{ rows: Row[]; isWhole: boolean }> => {
  const { flavour, query } = session;
  const wait = (seconds: number) => query(what, `set session lock_wait_timeout = ${seconds}`);
  await wait(catalogLockWait[flavour]);
  for (let look = 1; ; look++) {
    const rows = await query<Row>(what, sql);
    const isWhole = flavour === 'mysql' || (await isAnswerWhole(session, what));
    if (isWhole || look === maxLooks) {
      await wait(lockWaitSeconds);
      return { rows, isWhole };
    }
    await query(what, pauseSql);
  }
};

const isAnswerWhole = async ({ query }: CatalogSession, what: string): Promise<boolean> => {
  const warnings = await query<{ Code: string }>(what, 'show warnings');
  return !warnings.some(({ Code }) => leftOut.includes(Number(Code)));
};

/** Asks the catalog. DatabaseBusy when an answer is not whole. */
export const wholeAnswersOf =
  (session: CatalogSession): Query =>
  async <Row extends object>(what: string, sql: string): Promise<Row[]> => {
    const { rows, isWhole } = await askCatalog<Row>(session, what, sql);
    if (isWhole) return rows;
    throw new DrillError('DatabaseBusy', `${what}: somebody holds a table exclusively`);
  };
