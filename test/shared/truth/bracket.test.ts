import { describe, expect, test } from 'vitest';
import type { Database, Reader } from '../../../shared/database/port.ts';
import { openBracket, withReaders } from '../../../shared/truth/bracket.ts';
import type { Watch } from '../../../shared/truth/progress.ts';
import { failWith, makeDatabase } from '../../functions/fakes.ts';
import { at, makePassedDrill } from '../drill/state-fixture.ts';

const { baselineAddress } = makePassedDrill().PrepareDrill;
const options = { sessions: 2, remainingMs: () => 1000 };
const ms = (time: string, more = 0): number => Date.parse(at(time)) + more;

const noWatch: Watch = { until: async () => [], stop: async () => {} };

/** A reader with these answers. `waited` is what its snapshots waited for. */
const makeReader = async (changes: Partial<Reader>) => {
  const { database, seen } = makeDatabase({}, changes);
  return { reader: await database.open(baselineAddress, options), waited: seen.snapshots };
};

describe('production read around a whole second', () => {
  /** Snapshots before the second take this long, in turn. The last one repeats. */
  const bracket = async (takes: number[], clock: number, after: Partial<Reader> = {}, bracketMs = 0) => {
    let nowMs = clock;
    const waited: number[] = [];
    const openSnapshot = async (notBeforeMs: number) => {
      waited.push(notBeforeMs);
      nowMs = Math.max(nowMs, notBeforeMs) + (takes[Math.min(waited.length, takes.length) - 1] ?? 0);
      return nowMs;
    };
    const before = (await makeReader({ readClock: async () => nowMs, openSnapshot })).reader;
    const late = await makeReader({ readClock: async () => nowMs, ...after });
    const opening = openBracket({ before, after: late.reader }, bracketMs, noWatch);
    return { opening, waited, waitedAfter: late.waited };
  };

  test.each([
    ['in the middle of a second', ms('08:00:03', 500), at('08:00:04')],
    ['with just enough left of it', ms('08:00:03', 920), at('08:00:04')],
    ['with too little left of it', ms('08:00:03', 921), at('08:00:05')],
    ['at its very beginning', ms('08:00:03'), at('08:00:04')],
  ])('begun %s: the next second that can be awaited', async (_, clock, instant) => {
    const { opening, waited, waitedAfter } = await bracket([10], clock);
    expect((await opening).bracket).toEqual({ instant, beforeMs: 30, afterMs: 254 });
    expect(waited).toEqual([Date.parse(instant) - 40]);
    expect(waitedAfter).toEqual([Date.parse(instant) + 250]);
  });

  test('a bracket of 2 s: read so long before a second that can still be awaited, and so long after', async () => {
    const { opening, waited, waitedAfter } = await bracket([10], ms('08:00:03', 500), {}, 2000);
    expect((await opening).bracket).toEqual({ instant: at('08:00:06'), beforeMs: 2030, afterMs: 2254 });
    expect(waited).toEqual([ms('08:00:04', -40)]);
    expect(waitedAfter).toEqual([ms('08:00:08', 250)]);
  });

  test('snapshot taken at the very second: in time', async () => {
    const { opening } = await bracket([40], ms('08:00:03'));
    expect((await opening).bracket).toMatchObject({ instant: at('08:00:04'), beforeMs: 0 });
  });

  test('snapshot taken after the second: tried again at a later one, and that one counts', async () => {
    const { opening, waited } = await bracket([41, 3000, 12], ms('08:00:03'));
    expect((await opening).bracket).toMatchObject({ instant: at('08:00:09'), beforeMs: 28 });
    expect(waited).toEqual([ms('08:00:04', -40), ms('08:00:05', -40), ms('08:00:09', -40)]);
  });

  test('the tenth snapshot is in time: it counts', async () => {
    const { opening, waited } = await bracket([...Array.from({ length: 9 }, () => 50), 0], ms('08:00:03'));
    expect((await opening).bracket).toMatchObject({ beforeMs: 40 });
    expect(waited).toHaveLength(10);
  });

  test('ten snapshots that are late: DatabaseBusy, and production is not read after', async () => {
    const { opening, waited, waitedAfter } = await bracket([55], ms('08:00:03'));
    await expect(opening).rejects.toMatchObject({
      name: 'DatabaseBusy',
      summary: 'a snapshot of production took 55 ms, too long 10 times in a row; 40 ms are allowed',
    });
    expect(waited).toHaveLength(10);
    expect(waitedAfter).toEqual([]);
  });

  test('reader that lags behind its writer: the second reading waits for as much longer', async () => {
    const { opening, waitedAfter } = await bracket([0], ms('08:00:03'), { readLag: async () => 1730.5 });
    expect((await opening).bracket.afterMs).toBe(1985);
    expect(waitedAfter).toEqual([ms('08:00:04', 250 + 1730.5)]);
  });
});

describe('two readers at one address', () => {
  test('used: both are opened, and closed after the answer', async () => {
    const { database, seen } = makeDatabase({});
    const answer = await withReaders(database, baselineAddress, options, async () => {
      expect(seen).toMatchObject({ opened: [baselineAddress, baselineAddress], sessions: [2, 2], closed: 0 });
      return 'answer';
    });
    expect(answer).toBe('answer');
    expect(seen.closed).toBe(2);
  });

  test('the use fails: its error passes through, and both are closed', async () => {
    const { database, seen } = makeDatabase({});
    const used = withReaders(database, baselineAddress, options, failWith('DatabaseBusy'));
    await expect(used).rejects.toMatchObject({ name: 'DatabaseBusy' });
    expect(seen.closed).toBe(2);
  });

  test.each([
    ['first', 0],
    ['second', 1],
  ])('the %s cannot be opened: its error passes through, and %i is closed', async (_, opened) => {
    const { database, seen } = makeDatabase({});
    let left = opened;
    const open: Database['open'] = (...asked) =>
      left-- > 0 ? database.open(...asked) : failWith('DatabaseUnreachable')();
    const used = withReaders({ open }, baselineAddress, options, async () => 'nobody gets here');
    await expect(used).rejects.toMatchObject({ name: 'DatabaseUnreachable' });
    expect(seen.closed).toBe(opened);
  });

  test('closing one fails: the other is closed all the same', async () => {
    let closings = 0;
    const close = async () => {
      closings++;
      if (closings === 1) await failWith('DatabaseFailure')();
    };
    const { database } = makeDatabase({}, { close });
    const used = withReaders(database, baselineAddress, options, async () => 'answer');
    await expect(used).rejects.toMatchObject({ name: 'DatabaseFailure' });
    expect(closings).toBe(2);
  });
});
