import { DrillError, isDrillError } from '../errors.ts';
import { addSeconds, type Clock, isAfter, toIso } from '../instants.ts';
import type { Production, Resolve } from '../job/production.ts';
import type { Job } from '../job/state.ts';
import type { Identities, Identity } from '../probing/identity.ts';
import type { Probing, Target } from '../probing/port.ts';
import { type Dialect, dialectOf } from '../sql/tokens.ts';
import { assertOwnAddress, assertOwnMarker, assertOwnName } from './proof.ts';

/** The two ways into a clone: to see who it is, and to run a change there. */
export type WaysIn = { identities: Identities; probing: Probing };

/** Both ways sign in with this password. */
export type ReachClone = (password: string) => WaysIn;

/** Ways into clones of either engine. The address says which engine it is. */
export const joinEngines = ({ postgres, mysql }: Record<Dialect, WaysIn>): WaysIn => {
  const waysOf = ({ engine }: Target): WaysIn => (dialectOf(engine) === 'mysql' ? mysql : postgres);
  return {
    identities: { open: (target) => waysOf(target).identities.open(target) },
    probing: { open: (target) => waysOf(target).probing.open(target) },
  };
};

/**
 * Where the clone is, proven by name and address not to be production.
 * @throws DrillError NotTheClone, and what `resolve` throws
 */
export const locateClone = async (
  endpoint: { endpoint: string | null; port: number | null },
  job: Job,
  production: Production,
  resolve: Resolve,
): Promise<{ host: string; port: number; ip: string }> => {
  const place = assertOwnName(endpoint, job, production);
  const addresses = await resolve(place.host);
  const ofProduction = (await Promise.all(production.hosts.map(resolve))).flat();
  return { ...place, ip: assertOwnAddress(place, { addresses, ofProduction }, job, production) };
};

type Patience = { now: Clock; pause: () => Promise<unknown> };

/** RDS says that it has set a password a little before the server knows. */
const patienceSeconds = 60;

/**
 * Signs in at what has to be the clone, and has it say who it is.
 * @throws DrillError NotTheClone, and what `open` throws
 */
export const meetClone = async (
  identities: Identities,
  target: Target,
  job: Job,
  patience: Patience,
): Promise<Identity> => {
  const identity = await signIn(identities, target, patience);
  try {
    assertOwnMarker(await identity.readName(), job);
    return identity;
  } catch (error) {
    await identity.close().catch(() => {});
    throw error;
  }
};

const signIn = async (
  identities: Identities,
  target: Target,
  { now, pause }: Patience,
): Promise<Identity> => {
  const end = addSeconds(toIso(now()), patienceSeconds);
  for (;;) {
    try {
      return await identities.open(target);
    } catch (error) {
      if (!isDrillError(error, 'DatabaseDenied') || isAfter(toIso(now()), end)) throw error;
      await pause();
    }
  }
};

/** @throws DrillError AlreadyRehearsed when an earlier run of this step has begun */
export const claimClone = async (identity: Identity, { target }: Job): Promise<void> => {
  if (await identity.begin()) return;
  throw new DrillError(
    'AlreadyRehearsed',
    `clone ${target.cluster}: an earlier run of this step has begun to change it`,
  );
};
