import type { Target } from './port.ts';

/** The port to who a server is, before anything is run on it. */
export type Identities = {
  /** Signs in. DatabaseUnreachable or DatabaseDenied on failure. */
  open(target: Target): Promise<Identity>;
};

export type Identity = {
  /** The instance that the server says it is; null where it does not say. */
  readName(): Promise<string | null>;
  /** Leaves a mark on this copy: a change is run on it once. False when it has the mark already. */
  begin(): Promise<boolean>;
  close(): Promise<void>;
};

/** What the mark is called: a role in PostgreSQL, a database in MySQL. Every master user may make it. */
export const markName = 'aurora_drills_rehearsed';
