import { describe, expect, test } from 'vitest';
import table from '../../../config/prices.json' with { type: 'json' };
import { estimateCost } from '../../../shared/result/cost.ts';
import { describeFullChecksum } from '../../../shared/result/full-checksum.ts';
import { parsePrices } from '../../../shared/result/prices.ts';
import type { Use } from '../../../shared/result/use.ts';
import { unknownVolume } from '../../../shared/result/volume.ts';

const prices = parsePrices(table);
const tib = 2 ** 40;

/** A drill that has no workflow to pay for: its instance, its storage and its reads. */
const makeUse = (changes: Partial<Use>): Use => ({
  instance: null,
  storageMinutes: 0,
  isIoOptimized: false,
  volume: unknownVolume,
  undated: [],
  isStanding: false,
  stateTransitions: 0,
  functionSeconds: 0,
  functionGiBSeconds: 0,
  ...changes,
});

const provisioned = (minutes: number) => ({
  class: 'db.r6g.large',
  capacity: null,
  minutes,
  isSeenAvailable: true,
});
const serverless = (minutes: number) => ({
  class: 'db.serverless',
  capacity: { min: 0.5, max: 8 },
  minutes,
  isSeenAvailable: true,
});
const hundredGiB = { ...unknownVolume, bytes: 100 * 2 ** 30 };
const fullPostgres = { copyReads: 134_217_728, sourceReads: 268_435_456, bytes: tib };

/** Sums done by hand from the price list of us-east-1, in dollars to four places. A month has 730 hours. */
describe('a drill: what it costs by the price list', () => {
  test.each<[string, Partial<Use>, number, number]>([
    // 0.26 / 6 for the least that is billed; 100 GiB * 0.1 / 730 / 6.
    [
      'provisioned, 2 minutes',
      { instance: provisioned(2), storageMinutes: 10, volume: hundredGiB },
      0.0456,
      0.0456,
    ],
    [
      'provisioned, 10 minutes',
      { instance: provisioned(10), storageMinutes: 10, volume: hundredGiB },
      0.0456,
      0.0456,
    ],
    // 0.26 + 100 * 0.1 / 730
    [
      'provisioned, 1 hour',
      { instance: provisioned(60), storageMinutes: 60, volume: hundredGiB },
      0.2737,
      0.2737,
    ],
    // 0.5 * 0.12 / 6 and 8 * 0.12 / 6, each and 0.0023
    [
      'Serverless v2, 10 minutes',
      { instance: serverless(10), storageMinutes: 10, volume: hundredGiB },
      0.0123,
      0.1623,
    ],
    // 0.06 and 0.96, each and 0.0137
    [
      'Serverless v2, 1 hour',
      { instance: serverless(60), storageMinutes: 60, volume: hundredGiB },
      0.0737,
      0.9737,
    ],
    // 0.338 + 100 * 0.225 / 730
    [
      'provisioned, I/O-Optimized, 1 hour',
      { instance: provisioned(60), storageMinutes: 60, volume: hundredGiB, isIoOptimized: true },
      0.3688,
      0.3688,
    ],
    // 0.5 * 0.156 and 8 * 0.156, each and 0.0308
    [
      'Serverless v2, I/O-Optimized, 1 hour',
      { instance: serverless(60), storageMinutes: 60, volume: hundredGiB, isIoOptimized: true },
      0.1088,
      1.2788,
    ],
    // 0.26 + 1024 * 0.1 / 730 = 0.4003; the copy's 134.217728 million * 0.2 = 26.8435; production's 53.6871
    [
      'provisioned, 1 TiB of PostgreSQL with full checksums, 1 hour',
      { instance: provisioned(60), storageMinutes: 60, volume: fullPostgres },
      27.2438,
      80.9309,
    ],
    // 0.338 + 1024 * 0.225 / 730 = 0.6536, and no I/O
    [
      'the same on I/O-Optimized',
      { instance: provisioned(60), storageMinutes: 60, volume: fullPostgres, isIoOptimized: true },
      0.6536,
      0.6536,
    ],
    // The assumed 100 GiB, and nothing of I/O.
    [
      '1 hour that CloudWatch knows nothing of',
      { instance: provisioned(60), storageMinutes: 60 },
      0.2737,
      0.2737,
    ],
  ])('%s', (_drill, use, low, high) => {
    expect(estimateCost(makeUse(use), prices).estimate).toEqual({ low, high, currency: 'USD' });
  });
});

describe('assumptions about I/O and storage', () => {
  const assumptionsOf = (changes: Partial<Use>) =>
    estimateCost(makeUse({ storageMinutes: 60, ...changes }), prices).assumptions.join('\n');

  test('reads are known: how many, of which, and the size', () => {
    const text = assumptionsOf({ volume: fullPostgres });
    expect(text).toContain('of the copy 134,217,728, of production during the baseline 268,435,456');
    expect(text).toContain('storage of 1,024 GiB, as CloudWatch tells: 0.1 USD per GiB and month');
  });

  test('reads of one of both are unknown: said', () => {
    const text = assumptionsOf({ volume: { copyReads: null, sourceReads: 7, bytes: null } });
    expect(text).toContain('of the copy unknown, of production during the baseline 7');
  });

  test('I/O-Optimized: said, with its own price of storage', () => {
    const text = assumptionsOf({ isIoOptimized: true });
    expect(text).toContain('I/O costs nothing: the storage is I/O-Optimized');
    expect(text).toContain('0.225 USD per GiB and month');
  });

  test('an instance that nobody saw available: counted from its request on, and said', () => {
    const instance = { ...provisioned(60), isSeenAvailable: false };
    expect(assumptionsOf({ instance })).toContain('from its request on, since nobody saw it available');
  });
});

describe('what a full checksum reads, before the first one', () => {
  test.each<[string, { engine: string; bytes: number | null; isIoOptimized: boolean }, string]>([
    // 2^40 / 2^13 pages, three times, at 0.2 dollars a million
    [
      '1 TiB of PostgreSQL',
      { engine: 'aurora-postgresql', bytes: tib, isIoOptimized: false },
      'at most 402,653,184 reads, 80.53 USD (1,024 GiB in pages of 8 KiB)',
    ],
    [
      '1 TiB of MySQL',
      { engine: 'aurora-mysql', bytes: tib, isIoOptimized: false },
      'at most 201,326,592 reads, 40.27 USD (1,024 GiB in pages of 16 KiB)',
    ],
    [
      'I/O-Optimized',
      { engine: 'aurora-mysql', bytes: tib, isIoOptimized: true },
      'at most 201,326,592 reads, which cost nothing on I/O-Optimized',
    ],
    ['unknown size', { engine: 'aurora-mysql', bytes: null, isIoOptimized: false }, 'nobody knows here'],
  ])('%s', (_which, asked, expected) => {
    expect(describeFullChecksum(asked, prices)).toContain(expected);
  });
});
