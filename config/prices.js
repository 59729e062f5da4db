// The prices that estimates use. Serverless loads this file when it packages, so that a wrong table stops the deployment,
// not the end of every drill after it.

import { parsePrices } from '../shared/result/prices.ts';
import prices from './prices.json' with { type: 'json' };

export const { asOf } = parsePrices(prices);
