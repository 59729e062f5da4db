import { lookup } from 'node:dns/promises';
import { DrillError } from '../errors.ts';
import type { DatabaseAddress } from './port.ts';

/** All sessions of a reader must be on one server, but the name of a reader endpoint resolves to several in turn. */
export const resolveHost = async (address: DatabaseAddress): Promise<DatabaseAddress & { ip: string }> => {
  try {
    return { ...address, ip: (await lookup(address.host)).address };
  } catch (cause) {
    throw new DrillError('DatabaseUnreachable', `look up ${address.host}: ${(cause as Error).message}`, {
      cause,
    });
  }
};
