import { DrillError, describeError, isDrillError } from '../errors.ts';

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

/** Lends sessions, each to one user at a time. When none is free, users wait in line. */
export const lendSessions = <Session>(sessions: readonly Session[], upkeep?: Upkeep<Session>) => {
  const free = [...sessions];
  const waiting: ((session: Session) => void)[] = [];

  const borrow = (): Promise<Session> => {
    const session = free.pop();
    return session === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(session);
  };

  const giveBack = (session: Session): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(session);
    else next(session);
  };

  return async <Answer>(use: (session: Session) => Promise<Answer>): Promise<Answer> => {
    const session = await borrow();
    try {
      return await (upkeep === undefined ? use(session) : askAgain(session, upkeep, use));
    } finally {
      giveBack(session);
    }
  };
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
