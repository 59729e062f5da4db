import { createHmac } from 'node:crypto';

/** Both engines take it: Aurora MySQL at most 41 characters, PostgreSQL 8 to 128 (API, ModifyDBCluster). */
const characters = 32;

/**
 * The password of the clone's master user, for this job alone: who sets it and who signs in with it both derive it, so it
 * need not be kept anywhere. None of its characters is refused by RDS, as / " @ and blanks are.
 * @param secret of the stack
 */
export const passwordOf = (secret: string, jobId: string): string =>
  createHmac('sha256', secret).update(jobId).digest('base64url').slice(0, characters);
