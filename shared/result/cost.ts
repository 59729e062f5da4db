import { formatNumber } from './format.ts';
import type { Prices } from './prices.ts';
import { bytesOfGiB, type Rates, ratesOf } from './rates.ts';
import type { Use } from './use.ts';

/**
 * What a drill used, and what that costs at list prices, between `low` and `high`, always with what it is based on.
 * `estimate` is null when something that counts has no price or no known duration.
 */
export type Cost = {
  used: Use;
  estimate: { low: number; high: number; currency: string } | null;
  assumptions: string[];
};

export const goesOnCosting = 'counted until the end of the drill: what still stands goes on costing';

const hoursOfMonth = 730;
/** RDS bills a provisioned instance by the second, from available on, at least 10 minutes (Aurora User Guide, "DB instance billing"). */
const minInstanceMinutes = 10;

export const estimateCost = (used: Use, prices: Prices): Cost => {
  const rates = ratesOf(prices, used.isIoOptimized);
  const { instance, readers = [] } = used;
  const instances = [instance, ...readers].map((one) => priceInstance(one, rates, prices));
  const storage = priceStorage(used, rates, prices);
  const reads = priceReads(used, rates, prices);
  const serverless =
    (used.stateTransitions / 1000) * prices.thousandStateTransitions +
    used.functionGiBSeconds * prices.functionGiBSecond;
  const total = (bound: 'low' | 'high') =>
    Number((sumBound(instances, bound) + storage.range[bound] + reads.range[bound] + serverless).toFixed(4));
  return {
    used,
    estimate:
      instances.some(({ range }) => range === null) || used.undated.length > 0
        ? null
        : { low: total('low'), high: total('high'), currency: prices.currency },
    assumptions: [
      `list prices of ${prices.region} as of ${prices.asOf}, before tax and discounts: config/prices.json`,
      ...(used.undated.length > 0
        ? [
            `no estimate: nobody knows when, or whether, ${used.undated.join(' and ')} was made, since an answer was lost`,
          ]
        : countAlike(instances.map(({ assumption }) => assumption))),
      ...storage.assumptions,
      ...reads.assumptions,
      'not counted: writes, logs, metrics, messages, retries, runs of functions that failed, the last function, and instances that somebody else added',
      ...(used.isStanding ? [goesOnCosting] : []),
    ],
  };
};

type Range = { low: number; high: number };
type Priced = { range: Range | null; assumption: string };
type Counted = { range: Range; assumptions: string[] };

const sumBound = (instances: readonly Priced[], bound: 'low' | 'high'): number =>
  instances.reduce((sum, { range }) => sum + (range?.[bound] ?? 0), 0);

/** Instances of which the same is assumed stand in one line. */
const countAlike = (assumptions: readonly string[]): string[] =>
  [...new Set(assumptions)].map((one) => {
    const count = assumptions.filter((other) => other === one).length;
    return count === 1 ? one : `${count} times: ${one}`;
  });

const exactly = (dollars: number): Range => ({ low: dollars, high: dollars });

const priceInstance = (instance: Use['instance'], rates: Rates, prices: Prices): Priced => {
  if (instance === null) return { range: exactly(0), assumption: 'no instance was made' };
  const { class: name, capacity, minutes, isSeenAvailable } = instance;
  const from = isSeenAvailable ? 'from available on' : 'from its request on, since nobody saw it available';
  if (capacity !== null) {
    const hourly = (minutes / 60) * rates.acuHour;
    return {
      range: { low: capacity.min * hourly, high: capacity.max * hourly },
      assumption: `between ${capacity.min} and ${capacity.max} ACUs all the while, at ${describePrice(rates.acuHour, prices)} per ACU and hour, ${from}`,
    };
  }
  const hourly = rates.instanceHours[name];
  if (hourly === undefined) {
    return { range: null, assumption: `no estimate: config/prices.json has no price for ${name}` };
  }
  return {
    range: exactly((Math.max(minutes, minInstanceMinutes) / 60) * hourly),
    assumption: `${name} at ${describePrice(hourly, prices)} per hour, ${from}, for ${minInstanceMinutes} minutes at least`,
  };
};

const priceStorage = ({ storageMinutes, volume }: Use, rates: Rates, prices: Prices): Counted => {
  if (storageMinutes === 0) return { range: exactly(0), assumptions: [] };
  const isKnown = volume.bytes !== null;
  const gib = isKnown ? (volume.bytes ?? 0) / bytesOfGiB : prices.assumedStorageGiB;
  const size = `storage of ${formatNumber(Number(gib.toFixed(1)))} GiB`;
  const source = isKnown ? 'as CloudWatch tells' : 'since CloudWatch did not tell the size';
  return {
    range: exactly(((gib * rates.storageGiBMonth) / hoursOfMonth) * (storageMinutes / 60)),
    assumptions: [`${size}, ${source}: ${describePrice(rates.storageGiBMonth, prices)} per GiB and month`],
  };
};

/** Production's reads belong to the drill only in part, so they count at most. */
const priceReads = ({ isIoOptimized, volume }: Use, rates: Rates, prices: Prices): Counted => {
  if (isIoOptimized) {
    return { range: exactly(0), assumptions: ['I/O costs nothing: the storage is I/O-Optimized'] };
  }
  const { copyReads, sourceReads } = volume;
  if (copyReads === null && sourceReads === null) {
    return { range: exactly(0), assumptions: ['I/O is not counted: CloudWatch told no reads'] };
  }
  const costOf = (count: number) => (count / 1e6) * rates.millionReads;
  const [copy, source] = [copyReads ?? 0, sourceReads ?? 0];
  const describe = (count: number | null) => (count === null ? 'unknown' : formatNumber(count));
  return {
    range: { low: costOf(copy), high: costOf(copy + source) },
    assumptions: [
      `reads that CloudWatch told by the end: of the copy ${describe(copyReads)}, of production during the baseline ${describe(sourceReads)}, those of others included: ${describePrice(rates.millionReads, prices)} per million`,
    ],
  };
};

const describePrice = (amount: number, { currency }: Prices): string => `${amount} ${currency}`;

/** "0.05 to 0.83 USD", in cents, or that there is no estimate. */
export const describeEstimate = ({ estimate }: Cost): string => {
  if (estimate === null) return 'no estimate';
  const { low, high, currency } = estimate;
  if (high > 0 && high < 0.01) return `under 0.01 ${currency}`;
  const cents = (amount: number) => amount.toFixed(2);
  return cents(low) === cents(high)
    ? `about ${cents(high)} ${currency}`
    : `${cents(low)} to ${cents(high)} ${currency}`;
};
