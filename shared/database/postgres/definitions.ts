import type { Definition } from '../port.ts';
import { codeParts, viewParts } from './definitions-code.ts';
import { otherParts } from './definitions-others.ts';
import type { Part } from './definitions-parts.ts';
import { noteParts, rightParts } from './definitions-rights.ts';
import { replicationParts, storageParts } from './definitions-storage.ts';
import { typeParts } from './definitions-types.ts';

/** What is null is gone: the functions that make texts see later changes than the snapshot of the rows. */
const selectAll = (parts: Part[]): { kinds: string[]; sql: string } => ({
  kinds: [...new Set(parts.map(([kind]) => kind))],
  sql: `select kind, name, text from (${parts
    .map(
      ([kind, sql]) =>
        `select '${kind}'::text as kind, part.name::text as name, coalesce(part.text::text, '') as text from (${sql}) part`,
    )
    .join(' union all ')}) definition
   where name is not null
   order by kind collate "C", name collate "C", text collate "C"`,
});

/**
 * All that is defined in a database and is not in the list of tables or of extensions. Left out: objects of extensions, of
 * the server, and temporary ones. Everybody may read these catalogs, and the statements work from PostgreSQL 12 on, under an
 * empty search_path: then every name is qualified.
 */
export const definitionStatements: { kinds: string[]; sql: string }[] = [
  typeParts,
  [...viewParts, ...codeParts],
  [...storageParts, ...replicationParts],
  otherParts,
  [...rightParts, ...noteParts],
].map(selectAll);

/**
 * Reads every definition with a few statements, whatever the size of the database. Passwords of subscriptions and of user
 * mappings are not in the texts; what the bodies of functions, settings and options of servers hold is.
 */
export const listPostgresDefinitions = async (
  query: <Row extends object>(what: string, sql: string) => Promise<Row[]>,
): Promise<Definition[]> => {
  const definitions: Definition[] = [];
  for (const { kinds, sql } of definitionStatements) {
    // Databases have more definitions than a call may have arguments.
    for (const definition of await query<Definition>(`read definitions: ${kinds.join(', ')}`, sql))
      definitions.push(definition);
  }
  return definitions;
};
