import type { Copying, Extraction, Sandbox, TablesRequest } from '../../../shared/copying/port.ts';
import { type CopyOutcome, copyTables } from '../../../shared/copying/run.ts';
import type { DatabaseAddress } from '../../../shared/database/port.ts';
import { describeSchema, sandboxSchema } from '../../../shared/extraction/names.ts';
import type { ExtractedTable } from '../../../shared/extraction/tables.ts';

/** What tables of either engine are copied with. */
export type Sides = { extraction: Extraction; copy: DatabaseAddress; sandbox: Sandbox };

export const remainingMs = () => 60_000;
export const limits = { remainingMs };

export const origin = { source: 'prod', restoreTo: '2026-11-19T02:13:00Z', id: '1a2b3c4d' };
export const schema = sandboxSchema(origin.source, origin.restoreTo, origin.id);
export const about = describeSchema(origin, null);

export const asked = (tables: string[], more: Partial<TablesRequest> = {}): TablesRequest => ({
  tables,
  where: {},
  withParents: false,
  schema,
  ...more,
});

export const withCopying = async <Answer>(
  { extraction, copy, sandbox }: Sides,
  use: (copying: Copying) => Promise<Answer>,
  sessions = 2,
): Promise<Answer> => {
  const copying = await extraction.openCopying(copy, sandbox, { sessions, remainingMs });
  try {
    return await use(copying);
  } finally {
    await copying.close();
  }
};

/** Everything, from the catalog of the copy to the finished database. */
export const extract = async (
  sides: Sides,
  request: TablesRequest,
): Promise<{ tables: ExtractedTable[]; outcome: CopyOutcome }> => {
  const { extraction, copy, sandbox } = sides;
  const tables = await extraction.describeTables(copy, request, limits);
  await extraction.makeSchema(sandbox, tables, limits);
  const outcome = await withCopying(sides, (copying) =>
    copyTables(copying, tables, { sessions: 2, remainingMs }),
  );
  await extraction.finish(sandbox, tables, limits);
  return { tables, outcome };
};
