import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lendFitSessions, lendSessions } from '../../../shared/database/session-pool.ts';

/** Questions under way, which the test ends when it likes. */
const makeQuestions = (sessions: string[]) => {
  const lend = lendSessions(sessions);
  const begun: string[] = [];
  const ask = (name: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const answer = lend((session) => {
      begun.push(`${name} on ${session}`);
      return promise;
    });
    return { answer, resolve: () => resolve(name), reject: () => reject(new Error(`${name} failed`)) };
  };
  return { ask, begun };
};

/** Lets everything run that waits for no other event. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('as many questions as sessions: all begin at once, each on its own', async () => {
  const { ask, begun } = makeQuestions(['a', 'b']);
  ask('one');
  ask('two');
  await turn();
  expect(begun.map((text) => text.slice(0, 3))).toEqual(['one', 'two']);
  expect(new Set(begun.map((text) => text.at(-1)))).toEqual(new Set(['a', 'b']));
});

test('more questions than sessions: they wait in line, and go on in order', async () => {
  const { ask, begun } = makeQuestions(['a']);
  const [one, two, three] = [ask('one'), ask('two'), ask('three')];
  await turn();
  expect(begun).toEqual(['one on a']);
  one.resolve();
  expect(await one.answer).toBe('one');
  await turn();
  expect(begun).toEqual(['one on a', 'two on a']);
  two.resolve();
  three.resolve();
  expect(await Promise.all([two.answer, three.answer])).toEqual(['two', 'three']);
});

test('a question fails: its error passes through, and its session is lent again', async () => {
  const { ask, begun } = makeQuestions(['a']);
  const [one, two] = [ask('one'), ask('two')];
  await turn();
  one.reject();
  await expect(one.answer).rejects.toThrow('one failed');
  await turn();
  expect(begun).toEqual(['one on a', 'two on a']);
  two.resolve();
  await two.answer;
});

test('a question that throws at once: its error passes through, and its session is lent again', async () => {
  const lend = lendSessions(['a']);
  const thrown = lend(() => {
    throw new Error('at once');
  });
  await expect(thrown).rejects.toThrow('at once');
  expect(await lend(async (session) => session)).toBe('a');
});

test('any questions, whenever they are asked and end: each is answered, and no session is lent twice at a time', async () => {
  const counts = fc.integer({ min: 1, max: 4 });
  await fc.assert(
    fc.asyncProperty(counts, fc.scheduler(), fc.nat({ max: 12 }), async (count, scheduler, questions) => {
      const lend = lendSessions(Array.from({ length: count }, (_, id) => id));
      const busy = new Set<number>();
      const wait = () => scheduler.schedule(Promise.resolve());
      const ask = async (question: number) => {
        await wait();
        return lend(async (session) => {
          expect(busy.has(session)).toBe(false);
          busy.add(session);
          await wait();
          busy.delete(session);
          return question;
        });
      };
      const numbers = Array.from({ length: questions }, (_, question) => question);
      expect(await scheduler.waitFor(Promise.all(numbers.map(ask)))).toEqual(numbers);
    }),
  );
});

describe('sessions that become unfit', () => {
  const makeLender = (sessions: string[]) => {
    const unfit = new Set<string>();
    const lend = lendFitSessions(sessions, (session) => !unfit.has(session));
    const lose = (session: string): never => {
      unfit.add(session);
      throw new Error(`${session} is lost`);
    };
    return { lend, lose, unfit };
  };
  const none = { name: 'DatabaseBusy', summary: 'none of 2 sessions is left in the snapshot' };

  test('one is lost: its question fails, and those in line go on with the other', async () => {
    const { lend, lose } = makeLender(['a', 'b']);
    const lost = lend(async (session) => lose(session));
    const others = [1, 2, 3].map(() => lend(async (session) => session));
    await expect(lost).rejects.toThrow('b is lost');
    expect(await Promise.all(others)).toEqual(['a', 'a', 'a']);
  });

  test('all are lost: those in line and all later ones are DatabaseBusy', async () => {
    const { lend, lose } = makeLender(['a', 'b']);
    const asked = await Promise.allSettled([1, 2, 3, 4].map(() => lend(async (session) => lose(session))));
    expect(asked.map((one) => one.status === 'rejected' && one.reason)).toMatchObject([
      { message: 'b is lost' },
      { message: 'a is lost' },
      none,
      none,
    ]);
    await expect(lend(async (session) => session)).rejects.toMatchObject(none);
  });

  test('fit again: lent again', async () => {
    const { lend, lose, unfit } = makeLender(['a']);
    await expect(lend(async (session) => lose(session))).rejects.toThrow('a is lost');
    unfit.clear();
    expect(await lend(async (session) => session)).toBe('a');
  });
});

describe('upkeep', () => {
  /** Questions that fail with these reasons in turn, then are answered. */
  const makeFailing = (reasons: string[], prepare = async (_session: string) => {}) => {
    const begun: string[] = [];
    const upkeep = {
      prepare: async (session: string) => {
        begun.push(`prepare ${session}`);
        await prepare(session);
      },
      isPassing: (_session: string, error: unknown) => (error as Error).message.startsWith('passing'),
    };
    const lend = lendSessions(['a'], upkeep);
    const ask = () =>
      lend(async (session) => {
        begun.push(`ask ${session}`);
        const reason = reasons.shift();
        if (reason !== undefined) throw new Error(reason);
        return 'answer';
      });
    return { ask, begun };
  };
  const once = ['prepare a', 'ask a'];

  test('a question fails for a passing reason: asked again after its session is prepared again', async () => {
    const { ask, begun } = makeFailing(['passing']);
    expect(await ask()).toBe('answer');
    expect(begun).toEqual([...once, ...once]);
  });

  test('a question fails for another reason: its error, and it is not asked again', async () => {
    const { ask, begun } = makeFailing(['lasting']);
    await expect(ask()).rejects.toThrow('lasting');
    expect(begun).toEqual(once);
    expect(await ask()).toBe('answer');
  });

  test('a question fails each time for a passing reason: DatabaseBusy with the last one, after three times', async () => {
    const { ask, begun } = makeFailing(['passing 1', 'passing 2', 'passing 3']);
    await expect(ask()).rejects.toMatchObject({
      name: 'DatabaseBusy',
      summary: 'Error: passing 3; it failed 3 times in a row',
    });
    expect(begun).toEqual([...once, ...once, ...once, 'prepare a']);
    expect(await ask()).toBe('answer');
  });

  test('the session cannot be prepared any more: that error, and nothing is asked', async () => {
    const { ask, begun } = makeFailing([], async () => {
      throw new Error('nobody answers');
    });
    await expect(ask()).rejects.toThrow('nobody answers');
    expect(begun).toEqual(['prepare a']);
  });

  test('nobody answers after the last time: that error instead of DatabaseBusy', async () => {
    let prepared = 0;
    const { ask } = makeFailing(['passing', 'passing', 'passing'], async () => {
      prepared++;
      if (prepared > 3) throw new Error('nobody answers');
    });
    await expect(ask()).rejects.toThrow('nobody answers');
  });
});
