import type { Cluster } from '../aurora/port.ts';
import { DrillError } from '../errors.ts';
import { findRefusal } from '../job/guard.ts';
import type { Production } from '../job/production.ts';
import type { Job } from '../job/state.ts';
import { removalOf } from '../teardown/pass.ts';

/** What has to hold before a password is set, and before the first statement: it is this job's own clone. */

type Place = { host: string; port: number };

/**
 * RDS describes a cluster of this name: it is the one that this job has made, by its prefix, its tags and its id.
 * @throws DrillError NotTheClone
 */
export const assertOwnCluster = (found: Cluster | undefined, job: Job): Cluster => {
  const { owner, neverDeleted } = removalOf(job);
  if (found === undefined) throw notTheClone(job, 'RDS knows no such cluster');
  const refusal = findRefusal(found, owner, neverDeleted);
  if (refusal !== null) throw notTheClone(job, refusal);
  return found;
};

/** @throws DrillError NotTheClone when the clone has no endpoint, or a name of production */
export const assertOwnName = (
  { endpoint, port }: { endpoint: string | null; port: number | null },
  job: Job,
  production: Production,
): Place => {
  if (endpoint === null || port === null) throw notTheClone(job, 'it has no endpoint to connect to');
  const isProduction = production.hosts.some((host) => host.toLowerCase() === endpoint.toLowerCase());
  if (isProduction && port === production.port) {
    throw notTheClone(job, `its endpoint ${endpoint}:${port} is one of production's`);
  }
  return { host: endpoint, port };
};

/**
 * @param addresses that the clone's name resolves to
 * @param ofProduction that production's names resolve to
 * @returns the one address that every session goes to from here on
 * @throws DrillError NotTheClone
 */
export const assertOwnAddress = (
  { host, port }: Place,
  { addresses, ofProduction }: { addresses: readonly string[]; ofProduction: readonly string[] },
  job: Job,
  production: Production,
): string => {
  const [ip] = addresses;
  if (ip === undefined) throw notTheClone(job, `its endpoint ${host} has no address`);
  if (ofProduction.length === 0) {
    throw notTheClone(job, `no name of production has an address, so none can be told from ${ip}`);
  }
  const shared = addresses.find((address) => ofProduction.includes(address));
  if (shared !== undefined && port === production.port) {
    throw notTheClone(job, `its endpoint ${host} has the address ${shared}, which is production's`);
  }
  return ip;
};

/** @param marker the name of an instance that the server gives itself; null: it gives none. @throws DrillError NotTheClone */
export const assertOwnMarker = (marker: string | null, job: Job): void => {
  const { writer } = job.target;
  if (marker === writer) return;
  throw notTheClone(
    job,
    marker === null
      ? `the server does not say which instance it is, expected ${writer}`
      : `the server says that it is ${marker}, expected ${writer}`,
  );
};

const notTheClone = ({ target }: Job, what: string): DrillError =>
  new DrillError('NotTheClone', `clone ${target.cluster}: ${what}`);
