import type { Database, DatabaseAddress, SideEffects } from './port.ts';

/** Asks production, in one short session, what would act by itself in a copy of it. */
export const askSideEffects = async (
  database: Database,
  address: DatabaseAddress,
  remainingMs: () => number,
): Promise<SideEffects> => {
  const reader = await database.open(address, { sessions: 1, remainingMs });
  try {
    await reader.openSnapshot(0);
    return await reader.listSideEffects();
  } finally {
    await reader.close();
  }
};
