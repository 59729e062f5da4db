import { describe, expect, test } from 'vitest';
import { DrillError } from '../../../shared/errors.ts';
import type { Identity } from '../../../shared/probing/identity.ts';
import { claimClone, locateClone, meetClone } from '../../../shared/rehearsing/reach.ts';
import { makeClone, makeJob, source } from './job-fixture.ts';

const job = makeJob();
const clone = makeClone(job);
const names: Record<string, string[]> = {
  [clone.endpoint ?? '']: ['10.0.0.7'],
  [source.endpoint ?? '']: ['10.0.0.1'],
  [source.readerEndpoint ?? '']: ['10.0.0.2'],
};
const resolveWith =
  (changes: Record<string, string[]> = {}) =>
  async (host: string) =>
    ({ ...names, ...changes })[host] ?? [];

describe('where the clone is', () => {
  test('its own name and address', async () => {
    expect(await locateClone(clone, job, job.production, resolveWith())).toEqual({
      host: clone.endpoint,
      port: 5432,
      ip: '10.0.0.7',
    });
  });

  test.each([
    ["DNS answers with production's address", { [clone.endpoint ?? '']: ['10.0.0.1'] }],
    ["DNS answers with a reader's address", { [clone.endpoint ?? '']: ['10.0.0.2'] }],
    ['DNS knows nothing of production', { [source.endpoint ?? '']: [], [source.readerEndpoint ?? '']: [] }],
  ])('%s: refused', async (_, changes) => {
    const located = locateClone(clone, job, job.production, resolveWith(changes));
    await expect(located).rejects.toMatchObject({ name: 'NotTheClone' });
  });
});

describe('who answers there', () => {
  const target = {
    host: clone.endpoint ?? '',
    port: 5432,
    ip: '10.0.0.7',
    engine: source.engine,
    database: 'app',
    user: 'app_owner',
  };
  /** Refuses so many sign-ins, then says this name. */
  const meet = async (name: string | null, refusals = 0) => {
    const seen = { opened: 0, closed: 0 };
    let time = Date.parse('2026-11-16T08:10:00Z');
    const identity: Identity = {
      readName: async () => name,
      begin: async () => true,
      close: async () => void seen.closed++,
    };
    const open = async () => {
      seen.opened++;
      if (seen.opened <= refusals) throw new DrillError('DatabaseDenied', 'not yet');
      return identity;
    };
    const patience = {
      now: () => new Date(time),
      pause: async () => {
        time += 5000;
      },
    };
    return { seen, met: await meetClone({ open }, target, job, patience).catch((error) => error) };
  };

  test('the writer of the clone: met, and its session stays open', async () => {
    const { seen, met } = await meet(job.target.writer);
    expect([met instanceof Error, seen]).toEqual([false, { opened: 1, closed: 0 }]);
  });

  test("production's writer: refused, and the session is closed", async () => {
    const { seen, met } = await meet('prod-aurora-main-1');
    expect([met.name, seen]).toEqual(['NotTheClone', { opened: 1, closed: 1 }]);
  });

  test('a password that is not known yet: tried again for a minute, and no longer', async () => {
    expect((await meet(job.target.writer, 12)).seen.opened).toBe(13);
    const { seen, met } = await meet(job.target.writer, 100);
    expect([met.name, seen.opened]).toEqual(['DatabaseDenied', 14]);
  });

  test('a second run finds the mark of the first: nothing more is run', async () => {
    const begun = { begin: async () => false } as unknown as Identity;
    await expect(claimClone(begun, job)).rejects.toMatchObject({ name: 'AlreadyRehearsed' });
  });
});
