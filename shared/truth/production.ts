import type { Reader } from '../database/port.ts';
import { byName, type Table } from '../database/tables.ts';
import { describeError, isDrillError } from '../errors.ts';
import type { Within } from '../instants.ts';
import type { Unread } from './bracket.ts';

/** A database as one reader shows it, with its tables by name. */
export type Now = { reader: Reader; tables: Map<string, Table> };

/** Takes a snapshot, and lists its tables. @throws DrillError of the reader, which is closed then */
export const openNow = async (open: () => Promise<Reader>): Promise<Now> => {
  const reader = await open();
  try {
    await reader.openSnapshot(0);
    return { reader, tables: byName(await reader.listTables()) };
  } catch (error) {
    await reader.close();
    throw error;
  }
};

/** Production, for questions that come up while the copy is compared. It is opened for the first of them. */
export type Production = {
  /**
   * @param mostMs the time for all that is asked meanwhile, of the copy too. Undefined: all that is left
   * @returns why it could not be asked, if it could not
   */
  ask<Answer>(question: (now: Now) => Promise<Answer>, mostMs?: number): Promise<{ answer: Answer } | Unread>;
  close(): Promise<void>;
};

/** What production cannot answer must not end a drill: it is said instead. */
export const lendProduction = (
  open: () => Promise<Reader>,
  within: Within = (_, act) => act(),
): Production => {
  let opened: Promise<Now> | null = null;
  return {
    ask: async (question, mostMs) => {
      const answer = async () => {
        opened ??= openNow(open);
        return { answer: await question(await opened) };
      };
      try {
        return await (mostMs === undefined ? answer() : within(mostMs, answer));
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
