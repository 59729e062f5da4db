import type { Clock } from './instants.ts';

/** The machine's clock. Only the outermost code uses it; everything else is given a Clock. */
export const systemClock: Clock = () => new Date();
