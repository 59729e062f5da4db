import { DrillError } from '../errors.ts';
import type { DatabaseAddress } from './port.ts';

/**
 * Where the restored cluster is read, as the same user and database.
 * @param production where production is read, and the endpoint of its writer
 * @throws DrillError UnreadableAnswer when it has no endpoint, or production's: compared with itself it would always pass
 */
export const addressOfCopy = (
  cluster: string,
  { endpoint: host, port }: { endpoint: string | null; port: number | null },
  production: { address: DatabaseAddress; endpoint: string | null },
): DatabaseAddress => {
  const { address, endpoint } = production;
  if (host === null || port === null) {
    throw new DrillError('UnreadableAnswer', `restored cluster ${cluster} has no endpoint to connect to`);
  }
  if ([address.host, endpoint].includes(host) && port === address.port) {
    throw new DrillError('UnreadableAnswer', `restored cluster ${cluster} has production's endpoint`);
  }
  return { ...address, host, port };
};
