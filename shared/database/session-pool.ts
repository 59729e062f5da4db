import { DrillError, describeError, isDrillError } from '../errors.ts';
import { countOf } from '../words.ts';

/** What a pool does about sessions that end while they are lent. */
export type Upkeep<Session> = {
  /** Makes a session fit for a question, with a new connection where it has lost its own. */
  prepare(session: Session): Promise<void>;
  /** Whether the question can be answered when it is asked again, once the session is prepared. */
  isPassing(session: Session, error: unknown): boolean;
};

const maxAttempts = 3;

/** Asks again what failed for a passing reason. Gives up as DatabaseBusy, or as `prepare` does: nobody answers any more. */
export const askAgain = async <Session, Answer>(
  session: Session,
  { prepare, isPassing }: Upkeep<Session>,
  use: (session: Session) => Promise<Answer>,
): Promise<Answer> => {
  let error: unknown;
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    try {
      await prepare(session);
      return await use(session);
    } catch (failed) {
      if (!isPassing(session, failed)) throw failed;
      error = failed;
    }
  }
  await prepare(session);
  if (isDrillError(error, 'DatabaseBusy')) throw error;
  const times = `it failed ${maxAttempts} times in a row`;
  throw new DrillError('DatabaseBusy', `${describeError(error)}; ${times}`, { cause: error });
};

/**
 * Lends sessions, each to one user at a time. When none is free, users wait in line. A session that is unfit is not lent.
 * DatabaseBusy when all are unfit: then nobody is left to wait for.
 */
export const lendFitSessions = <Session>(
  sessions: readonly Session[],
  isFit: (session: Session) => boolean,
) => {
  const free = [...sessions];
  const waiting: PromiseWithResolvers<Session>[] = [];

  const isAnyLent = (): boolean => free.length < sessions.length;
  const noneIsLeft = (): DrillError =>
    new DrillError('DatabaseBusy', `none of ${countOf(sessions.length, 'session')} is left in the snapshot`);

  const borrow = (): Promise<Session> => {
    const next = Promise.withResolvers<Session>();
    const at = free.findLastIndex(isFit);
    const [session] = at < 0 ? [] : free.splice(at, 1);
    if (session !== undefined) next.resolve(session);
    else if (isAnyLent()) waiting.push(next);
    else next.reject(noneIsLeft());
    return next.promise;
  };

  const giveBack = (session: Session): void => {
    const next = isFit(session) ? waiting.shift() : undefined;
    if (next !== undefined) {
      next.resolve(session);
      return;
    }
    free.push(session);
    if (isAnyLent()) return;
    for (const { reject } of waiting.splice(0)) reject(noneIsLeft());
  };

  return async <Answer>(use: (session: Session) => Promise<Answer>): Promise<Answer> => {
    const session = await borrow();
    try {
      return await use(session);
    } finally {
      giveBack(session);
    }
  };
};

/** Lends sessions as above, and keeps each fit for its questions. */
export const lendSessions = <Session>(sessions: readonly Session[], upkeep?: Upkeep<Session>) => {
  const lend = lendFitSessions(sessions, () => true);
  return <Answer>(use: (session: Session) => Promise<Answer>): Promise<Answer> =>
    lend(async (session) => (upkeep === undefined ? use(session) : askAgain(session, upkeep, use)));
};

/** Opens this many sessions, or none: when one is refused, the others are closed. */
export const openSessions = async <Session extends { close(): Promise<void> }>(
  count: number,
  open: () => Promise<Session>,
): Promise<[Session, ...Session[]]> => {
  const opened = await Promise.allSettled(Array.from({ length: count }, open));
  const [first, ...others] = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const refused = opened.find((one) => one.status === 'rejected');
  if (first !== undefined && refused === undefined) return [first, ...others];
  await Promise.all([first, ...others].map((session) => session?.close()));
  throw refused?.reason;
};
