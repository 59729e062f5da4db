import type { Reader } from '../database/port.ts';
import { formatTableName, type Table } from '../database/tables.ts';
import { describeError, isDrillError } from '../errors.ts';
import type { Unread } from './bracket.ts';

/** Production as it is now, with its tables by name. */
export type Now = { reader: Reader; tables: Map<string, Table> };

/** Production, for questions that come up while the copy is compared. It is opened for the first of them. */
export type Production = {
  /** @returns why it could not be asked, if it could not */
  ask<Answer>(question: (now: Now) => Promise<Answer>): Promise<{ answer: Answer } | Unread>;
  close(): Promise<void>;
};

/** What production cannot answer must not end a drill: it is said instead. */
export const lendProduction = (open: () => Promise<Reader>): Production => {
  let opened: Promise<Now> | null = null;
  const openNow = async (): Promise<Now> => {
    const reader = await open();
    try {
      await reader.openSnapshot(0);
      const tables = await reader.listTables();
      return { reader, tables: new Map(tables.map((table) => [formatTableName(table), table])) };
    } catch (error) {
      await reader.close();
      throw error;
    }
  };
  return {
    ask: async (question) => {
      try {
        opened ??= openNow();
        return { answer: await question(await opened) };
      } catch (error) {
        if (!isDrillError(error)) throw error;
        return { unread: describeError(error) };
      }
    },
    close: async () => {
      const now = await opened?.catch(() => null);
      await now?.reader.close();
    },
  };
};
