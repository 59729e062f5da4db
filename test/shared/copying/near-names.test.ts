import { expect, test } from 'vitest';
import { findNear } from '../../../shared/copying/near-names.ts';

const names = ['public.orders', 'sales.orders', 'public.order_items', 'public.customers', 'public.a'];

test.for([
  ['public.ordrs', ['public.orders', 'sales.orders']],
  ['public.Orders', ['public.orders', 'sales.orders']],
  ['sales.customers', ['public.customers']],
  ['public.order', ['public.orders', 'sales.orders', 'public.order_items']],
  ['public.invoices', []],
] as const)('%s: near are %s', ([wanted, near]) => {
  expect(findNear(wanted, names)).toEqual(near);
});
