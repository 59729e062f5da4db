import { formatNumber } from './format.ts';
import type { Prices } from './prices.ts';
import { bytesOfGiB, ratesOf } from './rates.ts';

/** Aurora bills the read of each page that is not in memory (Aurora pricing, "I/O"). */
const pageBytes = (engine: string): number => (engine === 'aurora-mysql' ? 16_384 : 8192);

/** A drill reads production twice and the copy once. */
const readings = { production: 2, copy: 1 };

export type FullChecksum = { engine: string; bytes: number | null; isIoOptimized: boolean };

/** What a drill with checksum: full reads and pays for it, at most: as if no page were in memory, and with all indexes. */
export const describeFullChecksum = (
  { engine, bytes, isIoOptimized }: FullChecksum,
  prices: Prices,
): string => {
  const page = pageBytes(engine);
  const begin =
    'checksum: full reads every page of the checked tables, of production twice and of the copy once';
  if (bytes === null) {
    return `${begin}: how many that is nobody knows here, since CloudWatch has no VolumeBytesUsed of production`;
  }
  const pages = Math.ceil(bytes / page);
  const reads = pages * (readings.production + readings.copy);
  const { millionReads } = ratesOf(prices, isIoOptimized);
  const dollars = ((reads / 1e6) * millionReads).toFixed(2);
  const size = `${formatNumber(Number((bytes / bytesOfGiB).toFixed(1)))} GiB in pages of ${page / 1024} KiB`;
  const cost = isIoOptimized ? 'which cost nothing on I/O-Optimized' : `${dollars} ${prices.currency}`;
  return `${begin}: at most ${formatNumber(reads)} reads, ${cost} (${size})`;
};
