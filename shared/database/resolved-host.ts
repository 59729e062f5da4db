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

type LookUp = (host: string, options: { all: true }) => Promise<{ address: string }[]>;

/**
 * Finds every address of a name, none for one that does not exist: an instance may be gone.
 * @throws DrillError DatabaseUnreachable
 */
export const resolveBy =
  (lookUp: LookUp) =>
  async (host: string): Promise<string[]> => {
    try {
      return (await lookUp(host, { all: true })).map(({ address }) => address);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOTFOUND') return [];
      throw new DrillError('DatabaseUnreachable', `look up ${host}: ${(cause as Error).message}`, { cause });
    }
  };

export const resolveAll = resolveBy(lookup);
