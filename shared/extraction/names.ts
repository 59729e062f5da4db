import { formatInstant } from '../result/format.ts';

/** Public: the name of every schema that an extract makes begins with this. Nothing of ours ever drops one. */
export const extractPrefix = 'extract_';

/** PostgreSQL: 63 bytes; MySQL: 64 characters. All of ours are ASCII. */
const maxNameLength = 63;

/**
 * The schema in the sandbox (MySQL: the database), `extract_<source>_<yyyymmddhhmmss>_<id>`: the same for the same execution, so
 * that every step may run twice. It needs no quotes in either engine. @param restoreTo ISO 8601
 */
export const sandboxSchema = (source: string, restoreTo: string, id: string): string => {
  const digits = restoreTo.replace(/\D/g, '').slice(0, 14);
  const room = maxNameLength - extractPrefix.length - digits.length - id.length - 2;
  const shortened = source
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '_')
    .slice(0, room)
    .replace(/_+$/, '');
  return `${extractPrefix}${shortened}_${digits}_${id}`;
};

/** What a schema in a sandbox says of itself. */
export type SchemaOrigin = { source: string; restoreTo: string; id: string };

/** The comment on a schema. @param why it is incomplete; null once all of it is there and was verified */
export const describeSchema = ({ source, restoreTo, id }: SchemaOrigin, why: string | null): string => {
  const origin = `tables of ${source} as of ${formatInstant(restoreTo)}, extract ${id} of Aurora Drills`;
  return why === null ? origin : `incomplete: ${why}; ${origin}`;
};
