import { lookup } from 'node:dns/promises';
import { DrillError } from '../errors.ts';
import type { DatabaseAddress } from './port.ts';

/** All sessions of one reader have to be on one server, and the name of a reader endpoint stands for several in turn. */
export const resolveHost = async (address: DatabaseAddress): Promise<DatabaseAddress & { ip: string }> => {
  try {
    return { ...address, ip: (await lookup(address.host)).address };
  } catch (cause) {
    throw new DrillError('DatabaseUnreachable', `look up ${address.host}: ${(cause as Error).message}`, {
      cause,
    });
  }
};
