import type { Prices } from '../../../shared/result/prices.ts';

/** Prices that are easy to multiply. */
export const testPrices: Prices = {
  asOf: '2026-01',
  region: 'us-east-1',
  currency: 'USD',
  acuHour: 0.1,
  instanceHours: { 'db.r6g.large': 0.3 },
  storageGiBMonth: 0.073,
  millionReads: 0.2,
  ioOptimized: { acuHour: 0.2, instanceHours: { 'db.r6g.large': 0.6 }, storageGiBMonth: 0.146 },
  assumedStorageGiB: 100,
  thousandStateTransitions: 0.02,
  functionGiBSecond: 0.0001,
};
