import { expect, test } from 'vitest';
import { connectVerbs } from '../../../shared/aws/verbs.ts';

test('verbs are given the client, under their own names, and no others are there', async () => {
  const client = { answer: 42 };
  const port = connectVerbs(
    {
      ask: (one: typeof client) => async () => one.answer,
      add: (one: typeof client) => async (more: number) => one.answer + more,
    },
    client,
  );
  expect(Object.keys(port)).toEqual(['ask', 'add']);
  expect([await port.ask(), await port.add(1)]).toEqual([42, 43]);
});
