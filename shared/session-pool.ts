/** Lends sessions, each to one user at a time; who comes when none is free waits in line. */
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
