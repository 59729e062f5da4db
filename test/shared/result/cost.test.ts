import fc from 'fast-check';
import { expect, test } from 'vitest';
import prices from '../../../config/prices.json' with { type: 'json' };
import { describeEstimate, estimateCost } from '../../../shared/result/cost.ts';
import { parsePrices } from '../../../shared/result/prices.ts';
import type { Use } from '../../../shared/result/use.ts';
import { unknownVolume } from '../../../shared/result/volume.ts';
import { testPrices } from './prices-fixture.ts';

const makeUse = (changes: Partial<Use> = {}): Use => ({
  instance: { class: 'db.serverless', capacity: { min: 0.5, max: 8 }, minutes: 30, isSeenAvailable: true },
  storageMinutes: 60,
  isIoOptimized: false,
  volume: unknownVolume,
  isStanding: false,
  undated: [],
  stateTransitions: 1000,
  functionSeconds: 100,
  functionGiBSeconds: 50,
  ...changes,
});

// An hour of 100 GiB at 0.073 a month, 1,000 transitions, 50 GiB-seconds.
const besides = 0.01 + 0.02 + 0.005;

test('serverless: from the least capacity all the while to the most', () => {
  const { estimate } = estimateCost(makeUse(), testPrices);
  expect(estimate).toEqual({ low: 0.025 + besides, high: 0.4 + besides, currency: 'USD' });
});

test('an instance class of the table: one price', () => {
  const instance = { class: 'db.r6g.large', capacity: null, minutes: 30, isSeenAvailable: true };
  const { estimate } = estimateCost(makeUse({ instance }), testPrices);
  expect(estimate).toEqual({ low: 0.15 + besides, high: 0.15 + besides, currency: 'USD' });
});

test('an instance for less than 10 minutes: billed for 10', () => {
  const costOf = (minutes: number) =>
    estimateCost(
      makeUse({ instance: { class: 'db.r6g.large', capacity: null, minutes, isSeenAvailable: true } }),
      testPrices,
    );
  expect(costOf(2).estimate).toEqual(costOf(10).estimate);
  expect(costOf(2).estimate?.low).toBeCloseTo(0.05 + besides);
});

test('an instance class without a price: no estimate, and the table is named', () => {
  const instance = { class: 'db.x9g.large', capacity: null, minutes: 30, isSeenAvailable: true };
  const cost = estimateCost(makeUse({ instance }), testPrices);
  expect(cost.estimate).toBeNull();
  expect(cost.assumptions.join()).toContain('config/prices.json has no price for db.x9g.large');
  expect(describeEstimate(cost)).toBe('no estimate');
});

test('nothing was made: what the workflow itself costs', () => {
  const { estimate, assumptions } = estimateCost(makeUse({ instance: null, storageMinutes: 0 }), testPrices);
  expect(estimate).toEqual({ low: 0.025, high: 0.025, currency: 'USD' });
  expect(assumptions.join()).not.toContain('GiB, since');
});

test('every estimate: with the date and Region of its prices, the assumed storage, and what is not counted', () => {
  const { assumptions } = estimateCost(makeUse(), testPrices);
  expect(assumptions).toEqual([
    'list prices of us-east-1 as of 2026-01, before tax and discounts: config/prices.json',
    'between 0.5 and 8 ACUs all the while, at 0.1 USD per ACU and hour, from available on',
    'storage of 100 GiB, since CloudWatch did not tell the size: 0.073 USD per GiB and month',
    'I/O is not counted: CloudWatch told no reads',
    'not counted: writes, logs, metrics, messages, retries, runs of functions that failed, the last function, and instances that somebody else added',
  ]);
});

test('the writer was found by the teardown alone: no estimate, since nobody knows when it was made', () => {
  const cost = estimateCost(makeUse({ instance: null, undated: ['drill-app-1-writer'] }), testPrices);
  expect(cost.estimate).toBeNull();
  expect(cost.assumptions.join()).toContain('nobody knows when, or whether, drill-app-1-writer was made');
  expect(cost.assumptions.join()).not.toContain('no instance was made');
});

test('something still stands: the estimate says that it goes on costing', () => {
  const { assumptions } = estimateCost(makeUse({ isStanding: true }), testPrices);
  expect(assumptions.at(-1)).toContain('what still stands goes on costing');
});

test('any use: low is at most high, and more of anything never costs less', () => {
  const amount = fc.double({ min: 0, max: 1e5, noNaN: true });
  const uses = fc.record({ minutes: amount, storageMinutes: amount, stateTransitions: fc.nat(25_000) });
  const costOf = ({
    minutes,
    ...rest
  }: {
    minutes: number;
    storageMinutes: number;
    stateTransitions: number;
  }) => {
    const instance = {
      class: 'db.serverless',
      capacity: { min: 0.5, max: 8 },
      minutes,
      isSeenAvailable: true,
    };
    return estimateCost(makeUse({ instance, ...rest }), testPrices).estimate ?? { low: Number.NaN, high: 0 };
  };
  fc.assert(
    fc.property(uses, amount, (use, more) => {
      const cost = costOf(use);
      expect(cost.low).toBeLessThanOrEqual(cost.high);
      for (const key of ['minutes', 'storageMinutes'] as const) {
        const greater = costOf({ ...use, [key]: use[key] + more });
        expect(greater.low).toBeGreaterThanOrEqual(cost.low);
        expect(greater.high).toBeGreaterThanOrEqual(cost.high);
      }
    }),
  );
});

test.each([
  [0.05, 0.83, '0.05 to 0.83 USD'],
  [0.301, 0.302, 'about 0.30 USD'],
  [0.001, 0.002, 'under 0.01 USD'],
  [0, 0, 'about 0.00 USD'],
])('an estimate from %d to %d: %s', (low, high, text) => {
  const cost = { ...estimateCost(makeUse(), testPrices), estimate: { low, high, currency: 'USD' } };
  expect(describeEstimate(cost)).toBe(text);
});

test('config/prices.json: a table of prices', () => {
  expect(parsePrices(prices)).toEqual(prices);
});

test.each([
  ['a negative price', { acuHour: -1 }, 'acuHour'],
  ['a price in words', { instanceHours: { 'db.r6g.large': 'cheap' } }, 'db.r6g.large'],
  ['a key that nobody knows', { acuhour: 0.1 }, 'acuhour'],
  ['a date in words', { asOf: 'yesterday' }, 'asOf'],
])('a table of prices with %s: InvalidSetting that names it', (_, changes, named) => {
  expect(() => parsePrices({ ...testPrices, ...changes })).toThrow(
    expect.objectContaining({ name: 'InvalidSetting', summary: expect.stringContaining(named) }),
  );
});
