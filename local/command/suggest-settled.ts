import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { localAddress, localDatabase } from '../aurora/database.ts';
import type { EngineName } from '../servers/engine-name.ts';
import type { Keeper } from '../servers/keeper.ts';
import { chooseEngine } from '../sources/engines.ts';
import type { Settings } from './settings.ts';
import { describeCandidates, listCandidates } from './settled-candidates.ts';

const maxMs = 10 * 60_000;

/** Loads the database, and says which of its columns a plan may call settled. Drills nothing. */
export const suggestSettled = async (
  { options: { engine }, plan, sql }: Settings,
  keeper: Keeper,
): Promise<string> => {
  const password = randomBytes(18).toString('base64url');
  const { name: database, user } = plan.database;
  const source = await chooseEngine(engine, sql).startSource({
    keeper,
    database,
    readerUser: user,
    password,
  });
  const address = localAddress(engine, source.port, plan.database);
  const reader = await localDatabase(engine, password).open(address, {
    sessions: 2,
    remainingMs: () => maxMs,
  });
  try {
    await reader.openSnapshot(0);
    return describeCandidates(await listCandidates(reader, quoteFor(engine)));
  } finally {
    await reader.close();
  }
};

const quoteFor = (engine: EngineName): ((name: string) => string) =>
  engine === 'mysql' ? (name) => mysql.escapeId(name, true) : (name) => pg.escapeIdentifier(name);
