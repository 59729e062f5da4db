import { isDrillError } from './errors.ts';

/** Something that was asked, or why the answer is not known. */
export type Known<Value> = { value: Value } | { unknown: string };

/** Asks, and takes an error of ours for an answer that is not known. */
export const know = async <Value>(ask: () => Promise<Value>): Promise<Known<Value>> => {
  try {
    return { value: await ask() };
  } catch (error) {
    if (!isDrillError(error)) throw error;
    return { unknown: error.summary };
  }
};
