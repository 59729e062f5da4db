import * as z from 'zod';
import { parseTableName } from '../database/tables.ts';
import { drillPrefix } from '../job/names.ts';

/** How plans and inputs name what there is in a database and in RDS. */

export const tableName = z
  .string()
  .refine((text) => parseTableName(text) !== undefined, 'expected a table as schema.table')
  .describe('schema.table, or table alone for schema public; case counts; "quote" a part that holds a dot');

/** A cluster that is ours to read or to fill, and so none that drills delete. */
export const clusterName = z
  .string()
  .regex(
    /^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,62}(?<!-)$/,
    'expected an RDS identifier: letters, digits and single hyphens, at most 63, beginning with a letter',
  )
  .refine(
    (identifier) => !identifier.toLowerCase().startsWith(drillPrefix),
    `expected a cluster whose name does not begin with ${drillPrefix}: drills delete what does`,
  );
