/** Lends sessions, each to one user at a time. When none is free, users wait in line. */
export const lendSessions = <Session>(sessions: readonly Session[]) => {
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
      return await use(session);
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
