import pg from 'pg';
import { DrillError } from '../../errors.ts';
import { describeSchema } from '../../extraction/names.ts';
import type { Sandbox } from '../port.ts';
import { quote } from './names.ts';
import type { Session } from './session.ts';

export const refuseSchema = (schema: string): DrillError =>
  new DrillError('SandboxRefused', `the sandbox has a schema ${schema} that is not of this extract`, {
    hint: 'nothing was written; find out who made it, and start the extract again',
  });

export const loseSchema = (schema: string): DrillError =>
  new DrillError('DatabaseFailure', `the sandbox no longer has the schema ${schema} of this extract`, {
    hint: 'find out who dropped it, and start the extract again',
  });

export const commentSql = ({ schema, origin }: Sandbox, why: string | null): string =>
  `comment on schema ${quote(schema)} is ${pg.escapeLiteral(describeSchema(origin, why))}`;

/** What its comment says of a schema of this name. */
export const findStanding = async (
  { ask }: Session,
  { schema, origin }: Sandbox,
): Promise<'absent' | 'foreign' | 'ours'> => {
  const [found] = await ask<{ text: string | null }>(
    'look for the schema',
    `select obj_description(oid, 'pg_namespace') as text from pg_namespace where nspname = ${pg.escapeLiteral(schema)}`,
  );
  if (found === undefined) return 'absent';
  return found.text?.endsWith(describeSchema(origin, null)) ? 'ours' : 'foreign';
};
