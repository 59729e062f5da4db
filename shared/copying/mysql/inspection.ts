import type { SandboxServer } from '../../extraction/sandbox.ts';
import { textInSql } from './ledger.ts';
import type { Session } from './session.ts';

/**
 * What the server says before anything is written. An Aurora reader is told by innodb_read_only (Aurora User Guide, "Connecting
 * to an Aurora MySQL DB cluster"). The rights that come with a role are not listed, so a user with one may do it, or is refused later.
 */
export const inspectServer = async (
  { flavour, query }: Session,
  schema: string,
): Promise<Omit<SandboxServer, 'hasSchema'>> => {
  const own = `grantee = concat('\\'', replace(current_user(), '@', '\\'@\\''), '\\'')`;
  const noRole = flavour === 'mysql' ? `current_role() = 'NONE'` : 'current_role() is null';
  const [found] = await query<{ readOnly: string; rights: string }>(
    'look at the sandbox',
    `select @@global.read_only or @@innodb_read_only as readOnly,
            not ${noRole}
              or exists (select 1 from information_schema.user_privileges where ${own} and privilege_type = 'CREATE')
              or exists (select 1 from information_schema.schema_privileges
                          where ${own} and privilege_type = 'CREATE' and ${textInSql(schema)} like table_schema) as rights`,
  );
  return { isReadOnly: found?.readOnly !== '0', mayCreateSchema: found?.rights === '1' };
};
