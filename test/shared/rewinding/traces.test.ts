import { expect, test } from 'vitest';
import { exampleFacts } from '../../../local/documents/rewind-example.ts';
import type { Cluster } from '../../../shared/aurora/port.ts';
import { recoveredTags } from '../../../shared/recovery/names.ts';
import { makeCode } from '../../../shared/rewind/code.ts';
import { findTraces } from '../../../shared/rewinding/traces.ts';
import { makeAurora } from '../../functions/fakes.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';
import { testPrices } from '../result/prices-fixture.ts';
import { makeBacktracking } from '../rewind/facts-fixture.ts';

const to = '2026-11-19T02:50:00Z';
const confirm = makeCode({ facts: exampleFacts, to }, '2026-11-19T03:00:00Z');
const execution = 'arn:aws:states:eu-west-1:123456789012:execution:aurora-drills-prod-rewind:by-hand';
const identifier = 'recovered-shop-20261119030000-before-rewind';
const asked = makeBacktracking({ to, requestedAt: '2026-11-19T03:10:00Z' });

const find = (clusters: Cluster[], hidden: string[] = [], changes: object = {}, backtracks = [asked]) =>
  findTraces(
    makeAurora({
      listClusters: async () => ({
        clusters,
        unreadable: hidden.map((cluster) => ({ cluster, reason: 'it has no engine' })),
      }),
      listInstances: async () => [],
      listBacktracks: async () => backtracks,
    }),
    { execution, source: 'shop', to, confirm, ...changes },
    testPrices,
  );

const cloneOf = (source: string) => makeCluster({ identifier, tags: { [recoveredTags.source]: source } });

test.each([
  ['of this source', cloneOf('shop'), identifier],
  [
    'of another source: nothing is said of it, and so no command that deletes it',
    cloneOf('other'),
    undefined,
  ],
])('a cluster with the name of the clone, %s', async (_, cluster, name) => {
  expect(await find([cluster])).toMatchObject(
    name === undefined ? { clone: null } : { clone: { cluster: name } },
  );
});

test('a clone that cannot be read is not missing', async () => {
  expect(await find([], [identifier])).toMatchObject({ clone: { unread: 'it has no engine' } });
  expect(await find([], ['another'])).toMatchObject({ clone: null });
});

test('production: its status, and the rewind of the code', async () => {
  const shop = makeCluster({ identifier: 'shop', status: 'backtracking' });
  expect(await find([shop])).toEqual({ clone: null, status: 'backtracking', rewind: { asked, later: null } });
});

test('another rewind after it: that one too', async () => {
  const later = makeBacktracking({ identifier: 'bt-2', requestedAt: '2026-11-19T04:00:00Z' });
  expect(await find([], [], {}, [later, asked])).toMatchObject({ rewind: { asked, later } });
});

test.each([
  ['source', { source: null }],
  ['time', { to: null }],
  ['code', { confirm: null }],
])('its %s is not known: whether it was rewound is not known', async (_, changes) => {
  expect(await find([], [], changes)).toMatchObject({ rewind: { unread: expect.any(String) } });
});

test('no code of a pre-flight: nothing was asked for with it', async () => {
  expect(await find([], [], { confirm: 'x' })).toMatchObject({ rewind: { asked: null, later: null } });
});
