import pg from 'pg';
import { describeSchema } from '../../extraction/names.ts';
import type { Sandbox } from '../port.ts';
import { quote } from './names.ts';
import type { Session } from './session.ts';

export const commentSql = ({ schema, origin }: Sandbox, why: string | null): string =>
  `comment on schema ${quote(schema)} is ${pg.escapeLiteral(describeSchema(origin, why))}`;

/** What its comment says of a schema of this name. */
export const findStanding = async (
  { query }: Session,
  { schema, origin }: Sandbox,
): Promise<'absent' | 'foreign' | 'ours'> => {
  const [found] = await query<{ text: string | null }>(
    'look for the schema',
    `select obj_description(oid, 'pg_namespace') as text from pg_namespace where nspname = ${pg.escapeLiteral(schema)}`,
  );
  if (found === undefined) return 'absent';
  return found.text?.endsWith(describeSchema(origin, null)) ? 'ours' : 'foreign';
};
