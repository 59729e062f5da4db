import { describe, expect, test } from 'vitest';
import { type HandOver, streamFrom } from '../../../shared/database/streamed.ts';

const countTo =
  (last: number, seen: number[] = []) =>
  async (handOver: HandOver<number>): Promise<void> => {
    for (let number = 1; number <= last; number++) {
      seen.push(number);
      await handOver(number);
    }
  };

const listAll = async <Batch>(stream: AsyncIterable<Batch>): Promise<Batch[]> => {
  const all: Batch[] = [];
  for await (const batch of stream) all.push(batch);
  return all;
};

describe('a stream of what a question finds', () => {
  test('its user gets every batch, in order', async () => {
    expect(await listAll(streamFrom(countTo(5)))).toEqual([1, 2, 3, 4, 5]);
    expect(await listAll(streamFrom(countTo(0)))).toEqual([]);
  });

  test('the question waits until a batch is taken', async () => {
    const asked: number[] = [];
    const stream = streamFrom(countTo(5, asked));
    await stream.next();
    await new Promise(setImmediate);
    expect(asked).toEqual([1]);
    await stream.next();
    await new Promise(setImmediate);
    expect(asked).toEqual([1, 2]);
    await stream.return(undefined);
  });

  test('its user stops early: the question is ended, and its session free, before anything goes on', async () => {
    let isFree = false;
    const stream = streamFrom<number>(async (handOver) => {
      try {
        await countTo(5)(handOver);
      } finally {
        await new Promise(setImmediate);
        isFree = true;
      }
    });
    for await (const number of stream) if (number === 2) break;
    expect(isFree).toBe(true);
  });

  test('the question fails at its third batch: its user gets two, and then the error', async () => {
    const stream = streamFrom<number>(async (handOver) => {
      await countTo(2)(handOver);
      throw new Error('the server is gone');
    });
    const seen: number[] = [];
    const reading = (async () => {
      for await (const number of stream) seen.push(number);
    })();
    await expect(reading).rejects.toThrow('the server is gone');
    expect(seen).toEqual([1, 2]);
  });

  test('a question that fails at once, and a user who never asks: no error is left unhandled', async () => {
    const stream = streamFrom<number>(async () => {
      throw new Error('refused');
    });
    await expect(stream.next()).rejects.toThrow('refused');
    await streamFrom(countTo(3)).return(undefined);
  });
});
