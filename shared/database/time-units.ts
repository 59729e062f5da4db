import type { TimeCounts } from './port.ts';

/** To how many milliseconds a type with so many digits behind the second rounds: a day for a date. */
export const timeUnitMs = (type: string, digits: string): number =>
  type === 'date' ? 86_400_000 : 10 ** (3 - Number(digits));

/** @param counted rows by the number of their span, null for those without a time */
export const toTimeCounts = (
  counted: readonly { span: number | null; rows: number }[],
  bounds: number,
): TimeCounts => {
  const rowsOf = (span: number | null): number => counted.find((one) => one.span === span)?.rows ?? 0;
  return { rows: Array.from({ length: bounds + 1 }, (_, span) => rowsOf(span)), without: rowsOf(null) };
};
