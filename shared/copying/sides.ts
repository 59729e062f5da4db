import type { DatabaseAddress } from '../database/port.ts';
import { openSessions } from '../database/session-pool.ts';
import type { Limits, Sandbox } from './port.ts';

/** What a session on one side can do, in either engine. Its errors say what was asked, and where. */
export type Side = {
  query<Row extends object>(what: string, sql: string): Promise<Row[]>;
  rollBack(): Promise<void>;
  /** Ends the session, whatever it does. */
  close(): Promise<void>;
};

/** Does something in one transaction, and undoes all of it when it fails. */
export const inTransaction = async <Answer>(
  { query, rollBack }: Side,
  what: string,
  act: () => Promise<Answer>,
): Promise<Answer> => {
  await query(what, 'begin');
  try {
    const answer = await act();
    await query(what, 'commit');
    return answer;
  } catch (error) {
    await rollBack();
    throw error;
  }
};

export type Pair<Session> = { copy: Session; sandbox: Session; close(): Promise<void> };

export type SideName = 'copy' | 'sandbox';

/** Ways to work with sessions: with one for as long as a piece of work takes, or with pairs. */
export const sessionsOf = <Session extends Side>(
  open: (side: SideName, address: DatabaseAddress, limits: Limits) => Promise<Session>,
) => {
  type Use<Answer> = (session: Session) => Promise<Answer>;
  const openPair = async (
    copied: DatabaseAddress,
    { address }: Sandbox,
    limits: Limits,
  ): Promise<Pair<Session>> => {
    const copy = await open('copy', copied, limits);
    const sandbox = await open('sandbox', address, limits).catch(async (error) => {
      await copy.close();
      throw error;
    });
    return { copy, sandbox, close: async () => void (await Promise.all([copy.close(), sandbox.close()])) };
  };
  return {
    inCopy: <Answer>(address: DatabaseAddress, limits: Limits, use: Use<Answer>): Promise<Answer> =>
      useAndClose(open('copy', address, limits), use),
    inSandbox: <Answer>({ address }: Sandbox, limits: Limits, use: Use<Answer>): Promise<Answer> =>
      useAndClose(open('sandbox', address, limits), use),
    /** Opens this many pairs, or none. */
    openPairs: (copy: DatabaseAddress, sandbox: Sandbox, { sessions, ...limits }: PairLimits) =>
      openSessions(sessions, () => openPair(copy, sandbox, limits)),
  };
};

type PairLimits = Limits & { sessions: number };

const useAndClose = async <Session extends Side, Answer>(
  opening: Promise<Session>,
  use: (session: Session) => Promise<Answer>,
): Promise<Answer> => {
  const session = await opening;
  try {
    return await use(session);
  } finally {
    await session.close();
  }
};
