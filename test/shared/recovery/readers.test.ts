import { expect, test } from 'vitest';
import type { Instance } from '../../../shared/aurora/port.ts';
import { planReaders } from '../../../shared/recovery/readers.ts';

const makeInstance = (identifier: string, promotionTier: number): Instance => ({
  identifier,
  cluster: 'shop',
  status: 'available',
  instanceClass: `db.${identifier}`,
  parameterGroup: `of-${identifier}`,
  settings: {
    promotionTier,
    hasMinorUpgrades: null,
    isPublic: null,
    maintenanceWindow: null,
    certificateAuthority: null,
    monitoring: null,
    insights: null,
  },
});

const source = {
  writer: 'w',
  instances: [
    makeInstance('w', 0),
    makeInstance('late', 15),
    makeInstance('early', 1),
    makeInstance('application-autoscaling-1a2b', 15),
  ],
};
const plan = (wish: 'same' | number, instanceClass?: string) =>
  planReaders(
    source,
    wish,
    'recovered-shop-1',
    { instanceClass: 'db.w', parameterGroup: 'of-w' },
    instanceClass,
  );

test('same: those of the source in order of promotion, classes and tiers kept, autoscaled ones left out', () => {
  expect(plan('same')).toEqual([
    {
      identifier: 'recovered-shop-1-reader-1',
      instanceClass: 'db.early',
      parameterGroup: 'of-early',
      promotionTier: 1,
      like: 'early',
    },
    {
      identifier: 'recovered-shop-1-reader-2',
      instanceClass: 'db.late',
      parameterGroup: 'of-late',
      promotionTier: 15,
      like: 'late',
    },
  ]);
});

test.each([
  ['none', 0, []],
  ['fewer: the first to be promoted', 1, ['early']],
  ['more: the rest like the writer', 3, ['early', 'late', null]],
])('%s', (_, count, like) => {
  const readers = plan(count);
  expect(readers.map((reader) => reader.like)).toEqual(like);
  expect(readers[2]?.instanceClass).toBe(count > 2 ? 'db.w' : undefined);
});

test('a class of the plan: for every reader', () => {
  expect(plan(3, 'db.x').map(({ instanceClass }) => instanceClass)).toEqual(['db.x', 'db.x', 'db.x']);
});
