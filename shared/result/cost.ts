import type { Prices } from './prices.ts';
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
/** RDS bills an instance by the second, at least 10 minutes (Aurora User Guide, "DB instance billing"). */
const minInstanceMinutes = 10;

export const estimateCost = (used: Use, prices: Prices): Cost => {
  const instance = priceInstance(used.instance, prices);
  const storage =
    ((prices.assumedStorageGiB * prices.storageGiBMonth) / hoursOfMonth) * (used.storageMinutes / 60);
  const serverless =
    (used.stateTransitions / 1000) * prices.thousandStateTransitions +
    used.functionGiBSeconds * prices.functionGiBSecond;
  const total = (hours: number) => Number((hours + storage + serverless).toFixed(4));
  return {
    used,
    estimate:
      instance.range === null || used.undated.length > 0
        ? null
        : { low: total(instance.range.low), high: total(instance.range.high), currency: prices.currency },
    assumptions: [
      `list prices of ${prices.region} as of ${prices.asOf}, before tax and discounts: config/prices.json`,
      ...(used.undated.length > 0
        ? [
            `no estimate: nobody knows when, or whether, ${used.undated.join(' and ')} was made, since an answer was lost`,
          ]
        : [instance.assumption]),
      ...(used.storageMinutes > 0
        ? [
            `storage of ${prices.assumedStorageGiB} GiB, since RDS does not tell the size: ${describePrice(prices.storageGiBMonth, prices)} per GiB and month`,
          ]
        : []),
      'not counted: I/O requests, logs, metrics, messages, retries, runs of functions that failed, the last function, and instances that somebody else added',
      ...(used.isStanding ? [goesOnCosting] : []),
    ],
  };
};

type Priced = { range: { low: number; high: number } | null; assumption: string };

const priceInstance = (instance: Use['instance'], prices: Prices): Priced => {
  if (instance === null) return { range: { low: 0, high: 0 }, assumption: 'no instance was made' };
  const { class: name, capacity, minutes } = instance;
  if (capacity !== null) {
    const hourly = (minutes / 60) * prices.acuHour;
    return {
      range: { low: capacity.min * hourly, high: capacity.max * hourly },
      assumption: `between ${capacity.min} and ${capacity.max} ACUs all the while, at ${describePrice(prices.acuHour, prices)} per ACU and hour`,
    };
  }
  const hourly = prices.instanceHours[name];
  if (hourly === undefined) {
    return { range: null, assumption: `no estimate: config/prices.json has no price for ${name}` };
  }
  const dollars = (Math.max(minutes, minInstanceMinutes) / 60) * hourly;
  return {
    range: { low: dollars, high: dollars },
    assumption: `${name} at ${describePrice(hourly, prices)} per hour, for ${minInstanceMinutes} minutes at least`,
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
