import { expect, test } from 'vitest';
import { countClones } from '../../../shared/aurora/clones.ts';
import { makeCluster } from './cluster-fixture.ts';

const group = (identifier: string, cloneGroup: string | null = 'g') =>
  makeCluster({ identifier, cloneGroup });

test.each([
  ['its group has two others: two, and neither itself nor another group counts', 'g', 2],
  ['it is in no group: none, and nobody is asked', null, 0],
])('%s', async (_, cloneGroup, expected) => {
  let asked = 0;
  const listClusters = async () => {
    asked += 1;
    const clusters = [group('prod'), group('drill-1'), group('dev'), group('other', 'h'), group('new', null)];
    return { clusters, unreadable: [] };
  };
  expect(await countClones({ listClusters }, group('prod', cloneGroup))).toBe(expected);
  expect(asked).toBe(cloneGroup === null ? 0 : 1);
});
