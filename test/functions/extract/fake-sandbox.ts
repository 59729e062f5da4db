import type { Copying, Extraction } from '../../../shared/copying/port.ts';
import { DrillError } from '../../../shared/errors.ts';
import { fakeCopying, tableNamed } from '../../shared/copying/fake-copying.ts';
import { makeDatabase, makeTable } from '../fakes.ts';

/** `begun`: every range that was copied, in order. `comment`: why it is incomplete; null once it was verified. */
type Schema = { copying: Copying & { begun: string[] }; comment: string | null; isFinished: boolean };

/** A sandbox to which tables of so many rows are copied, one row in each range. `schemas` is what stands there, by name. */
export const makeSandbox = (rows: Record<string, number>, changes: Partial<Extraction> = {}) => {
  const schemas = new Map<string, Schema>();
  const seen = { open: 0 };
  const find = (name: string): Schema => {
    const schema = schemas.get(name);
    if (schema === undefined) throw new Error(`there is no schema ${name}`);
    return schema;
  };
  const extraction: Extraction = {
    describeTables: async (_, { tables }) =>
      tables.map((table) => {
        if (rows[table] === undefined) throw new DrillError('TableNotFound', `there is no ${table}`);
        return tableNamed(table);
      }),
    inspectSandbox: async () => ({ isReadOnly: false, mayCreateSchema: true, hasSchema: false }),
    makeSchema: async ({ schema }) => {
      if (schemas.has(schema)) return;
      const copying = fakeCopying(rows, async () => 1);
      schemas.set(schema, { copying, comment: 'its rows are being copied', isFinished: false });
    },
    openCopying: async (_, { schema }) => {
      seen.open++;
      return { ...find(schema).copying, close: async () => void seen.open-- };
    },
    finish: async ({ schema }) => {
      const found = find(schema);
      if (!found.isFinished) Object.assign(found, { isFinished: true, comment: 'it is not verified yet' });
    },
    markSchema: async ({ schema }, why) => {
      find(schema).comment = why;
    },
    ...changes,
  };
  const copiedOf = (schema: string, table: string): number =>
    new Set(find(schema).copying.begun.filter((range) => range.startsWith(`public.${table} `))).size;
  const { database: sandboxes } = makeDatabase(
    {},
    {
      listTables: async () =>
        [...schemas.keys()].flatMap((schema) =>
          Object.keys(rows).map((name) => ({ ...makeTable(name, 0), schema })),
        ),
      readDigest: async (table) => {
        const copied = copiedOf(table.schema, table.table);
        return copied === 0 ? [] : [{ range: 0, bucket: 0, rows: copied, hash: BigInt(copied) }];
      },
    },
  );
  return { extraction, sandboxes, schemas, seen };
};
