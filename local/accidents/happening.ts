import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Database, DatabaseAddress } from '../../shared/database/port.ts';
import { DrillError } from '../../shared/errors.ts';
import { addSeconds, isAfter, toIso } from '../../shared/instants.ts';
import { defaultSchemaOf } from '../../shared/truth/wanted.ts';
import type { Source } from '../sources/source.ts';
import type { Harm, Mishap } from './accident.ts';

/** `before`: the last whole second before it. `harm` and `answer` are null if only its statements are known. */
export type Happened = { name: string; before: string; at: string; harm: Harm | null; answer: Answer | null };

type Victim = { source: Source; database: Database; address: DatabaseAddress };

/**
 * Lets the accident happen just after a whole second. Returns when the backups reach a second beyond it, and so
 * the latest time that they can be restored to has the accident too.
 */
export const letHappen = async (mishap: Mishap, { source, database, address }: Victim): Promise<Happened> => {
  const { name, probe } = mishap;
  const answer = probe === undefined ? null : await askOnce(database, address, probe);
  const before = await nextSecond();
  const changed = await run(mishap, source);
  const at = toIso(new Date());
  const noticed = addSeconds(at, 1);
  while (source.isArchiving() && !isAfter(source.latestRestorableTime(), noticed)) await sleep(50);
  return {
    name,
    before,
    at,
    harm: describeHarm(mishap, defaultSchemaOf(address), { changed, answer }),
    answer,
  };
};

/** @throws DrillError SqlFileFailed for statements of somebody's own */
const run = async ({ name, sql, table }: Mishap, source: Source): Promise<number> => {
  try {
    return await source.runAsOwner(sql);
  } catch (cause) {
    if (table !== undefined) throw cause;
    throw new DrillError('SqlFileFailed', `${name}: ${(cause as Error).message}`, {
      hint: 'correct the statements of the accident; they run as the owner, in the database of the plan',
      cause,
    });
  }
};

const nextSecond = async (): Promise<string> => {
  const second = Math.ceil(Date.now() / 1000) * 1000;
  while (Date.now() <= second) await sleep(second + 1 - Date.now());
  return toIso(new Date(second));
};

const describeHarm = (
  { table, effect, redefined }: Mishap,
  schema: string,
  { changed, answer }: { changed: number; answer: Answer | null },
): Harm | null => {
  if (table === undefined || effect === undefined || redefined === undefined) return null;
  const rows = effect === 'dropped' ? Number(answer?.[0]?.[0]) : changed;
  return { table: `${schema}.${table}`, effect, rows, redefined };
};

const mostMs = 60_000;

/** What one server answers to one statement. */
export const askOnce = async (database: Database, address: DatabaseAddress, sql: string): Promise<Answer> => {
  const reader = await database.open(address, { sessions: 1, remainingMs: () => mostMs });
  try {
    await reader.openSnapshot(0);
    return await reader.runQuery(sql);
  } finally {
    await reader.close();
  }
};
