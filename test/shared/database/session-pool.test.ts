import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lendSessions } from '../../../shared/database/session-pool.ts';

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
