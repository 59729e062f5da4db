import pg from 'pg';

/**
 * Runs a statement, and makes the roles that it names and that are not there: a dump of one database has its owners and
 * grants, but not the roles, which belong to the whole server.
 * @param made gets the names of the roles
 */
export const withRoles = async (
  client: pg.Client,
  sql: string,
  made: Set<string>,
  run: () => Promise<void>,
): Promise<void> => {
  const undo = await markPlace(client, sql);
  for (;;) {
    try {
      await run();
      return undo.forget();
    } catch (error) {
      const role = findMissingRole(error);
      if (role === null || made.has(role)) throw error;
      await undo.goBack();
      // The name may be one that PostgreSQL keeps for itself. The file's own error says more then.
      await client.query(`create role ${pg.escapeIdentifier(role)} nologin`).catch(() => {
        throw error;
      });
      made.add(role);
    }
  }
};

/** What may name a role. SET TRANSACTION does not, and allows no savepoint before it. */
const mayNameRole =
  /^(alter|grant|revoke|reassign|drop\s+owned|create\s+(policy|schema|user\s+mapping)|set\s+((session|local)\s+)?(role|session\s+authorization))\b/i;

/** An error spoils a transaction that the file began, so there is a savepoint before what may name a role. */
const markPlace = async (client: pg.Client, sql: string) => {
  const nothing = async (): Promise<void> => {};
  if (client.getTransactionStatus() !== 'T' || !mayNameRole.test(sql))
    return { forget: nothing, goBack: nothing };
  await client.query('savepoint before_role');
  return {
    forget: async () => void (await client.query('release savepoint before_role')),
    goBack: async () => void (await client.query('rollback to savepoint before_role')),
  };
};

/** Messages are in English here: the server's locale is C. 42704 is undefined_object. */
const findMissingRole = (error: unknown): string | null => {
  const { code, message } = error as { code?: string; message?: string };
  return code === '42704' ? (/^role "(.+)" does not exist$/s.exec(message ?? '')?.[1] ?? null) : null;
};
