import type { Prices } from './prices.ts';

/** What counts for one kind of storage. */
export type Rates = Pick<Prices, 'acuHour' | 'instanceHours' | 'storageGiBMonth'> & { millionReads: number };

/** Aurora I/O-Optimized has no price for I/O, and others for the rest (Aurora User Guide, "Storage configurations"). */
export const ratesOf = (prices: Prices, isIoOptimized: boolean): Rates =>
  isIoOptimized ? { ...prices.ioOptimized, millionReads: 0 } : prices;

export const bytesOfGiB = 2 ** 30;
