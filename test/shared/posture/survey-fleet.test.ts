import { describe, expect, test } from 'vitest';
import {
  abroad,
  home,
  makeDbCluster,
  makeDbInstance,
  makeDbSnapshot,
  playRds,
  type Region,
  snapshotArn,
  survey,
} from './rds-model.ts';

const minuteOf = (day: number): string => `0${day % 10}:${10 + Math.floor(day / 10)}`;

/** Clusters with an instance or two and so many automated snapshots, each of which has a copy abroad. */
const makeFleet = (count: number, snapshots = 1, groups = 3): Record<string, Region> => {
  const names = Array.from({ length: count }, (_, index) => `c${index}`);
  const days = Array.from({ length: snapshots }, (_, day) => minuteOf(day));
  return {
    [home]: {
      clusters: names.map((name, index) =>
        makeDbCluster(name, { DBClusterParameterGroup: `g${index % groups}` }),
      ),
      instances: names.flatMap((name, index) =>
        index % 2 === 0
          ? [makeDbInstance(`${name}-1`, name)]
          : [makeDbInstance(`${name}-1`, name), makeDbInstance(`${name}-2`, name)],
      ),
      snapshots: names.flatMap((name) => days.map((minute) => makeDbSnapshot(name, minute))),
      groups: Object.fromEntries(
        Array.from({ length: groups }, (_, index) => `g${index}`).map((group) => [
          group,
          [{ ParameterName: 'pgaudit.log', ParameterValue: group, Source: 'user' }],
        ]),
      ),
    },
    [abroad]: {
      snapshots: names.flatMap((name) =>
        days.map((minute) =>
          makeDbSnapshot(name, minute, {
            DBClusterSnapshotIdentifier: `copy-${name}-${minute.replace(':', '-')}`,
            SourceDBClusterSnapshotArn: snapshotArn(`rds:${name}-2026-11-16-${minute.replace(':', '-')}`),
          }),
        ),
      ),
    },
  };
};

const everywhere = () => abroad;
const namesOf = (facts: Awaited<ReturnType<typeof survey>>) => facts.map(({ cluster }) => cluster.identifier);

describe('a whole fleet', () => {
  test('120 clusters with 35 snapshots in two Regions: 1.05 times the pages that exist at most', async () => {
    const regions = makeFleet(120, 35);
    const seen = playRds({ regions });
    const facts = await survey(everywhere);
    const pagesOf = (items: unknown[] = []) => Math.ceil(items.length / 100);
    const { clusters, instances, snapshots } = regions[home] ?? {};
    const groupsAndPublic = 4;
    const pages =
      pagesOf(clusters) +
      pagesOf(instances) +
      pagesOf(snapshots) +
      pagesOf(regions[abroad]?.snapshots) +
      groupsAndPublic;
    expect(seen.calls.length).toBeLessThanOrEqual(pages * 1.05);
    expect(namesOf(facts)).toEqual(Array.from({ length: 120 }, (_, index) => `c${index}`));
    expect(facts[119]).toMatchObject({
      instances: { value: [{ identifier: 'c119-1' }, { identifier: 'c119-2' }] },
      parameters: { value: [{ name: 'pgaudit.log', value: 'g2', isSet: true }] },
      snapshots: { value: { newest: { automated: '2026-11-16T09:12:00Z' } } },
      copies: { value: { newest: { snapshot: 'copy-c119-09-12', takenAt: '2026-11-16T09:12:00Z' } } },
    });
  });

  test('20 parameter groups: 8 calls at once', async () => {
    const seen = playRds({ regions: makeFleet(20, 1, 20) });
    await survey();
    expect(seen.mostInFlight).toBe(8);
  });

  test('a parameter group of many clusters: it is read once', async () => {
    const seen = playRds({ regions: makeFleet(40) });
    await survey();
    const groups = seen.calls.filter(({ what }) => what === 'parameters').flatMap(({ of }) => of);
    expect(groups.sort()).toEqual(['g0', 'g1', 'g2']);
  });

  test('no clusters: only the instances are listed, and nothing fails', async () => {
    const seen = playRds({ regions: {} });
    expect(await survey(everywhere)).toEqual([]);
    expect(seen.calls.map(({ what }) => what)).toEqual(['clusters', 'instances']);
  });
});

describe('what cannot be read', () => {
  test('the instances: unknown for every cluster, and the rest is known', async () => {
    playRds({
      regions: makeFleet(2),
      refuse: ({ what }) => (what === 'instances' ? 'AccessDenied' : undefined),
    });
    for (const facts of await survey()) {
      expect(facts.instances).toEqual({ unknown: 'list the instances: AccessDenied: said so' });
      expect(facts).toMatchObject({ snapshots: { value: {} }, parameters: { value: {} } });
    }
  });

  test('one group of a hundred is throttled: its clusters are unknown, the others are known', async () => {
    playRds({
      regions: makeFleet(150),
      refuse: ({ what, of }) => (what === 'snapshots' && of.includes('c120') ? 'Throttling' : undefined),
    });
    const facts = await survey();
    const unknown = facts.filter(({ snapshots }) => 'unknown' in snapshots);
    expect(namesOf(unknown)).toEqual(Array.from({ length: 50 }, (_, index) => `c${100 + index}`));
    expect(unknown[0]?.snapshots).toEqual({
      unknown: 'list the snapshots of c100, c101, c102 and 47 more: Throttling: said so',
    });
  });

  test('one odd cluster that spoils a call: it alone is unknown', async () => {
    playRds({
      regions: makeFleet(20),
      refuse: ({ what, of }) =>
        what === 'public snapshots' && of.includes('c7') ? 'InvalidParameterValue' : undefined,
    });
    const facts = await survey();
    expect(namesOf(facts.filter(({ snapshots }) => 'unknown' in snapshots))).toEqual(['c7']);
    expect(facts[8]?.snapshots).toMatchObject({ value: { newest: { automated: '2026-11-16T00:10:00Z' } } });
  });

  test('the other Region: its copies are unknown, and the reason names the Region', async () => {
    playRds({
      regions: makeFleet(2),
      refuse: ({ region }) => (region === abroad ? 'AccessDenied' : undefined),
    });
    const [one, other] = await survey((name) => (name === 'c0' ? abroad : undefined));
    expect(one?.copies).toEqual({
      unknown: `in ${abroad}: list the snapshots of c0: AccessDenied: said so`,
    });
    expect(one?.snapshots).toMatchObject({ value: {} });
    expect(other?.copies).toBeNull();
  });

  test('one of two other Regions: the copies in the other one are known', async () => {
    const regions = { ...makeFleet(2), 'us-east-1': makeFleet(2)[abroad] ?? {} };
    playRds({ regions, refuse: ({ region }) => (region === abroad ? 'Throttling' : undefined) });
    const [one, other] = await survey((name) => (name === 'c0' ? abroad : 'us-east-1'));
    expect(one?.copies).toMatchObject({ unknown: expect.stringContaining(`in ${abroad}: `) });
    expect(other?.copies).toMatchObject({
      value: { region: 'us-east-1', newest: { snapshot: 'copy-c1-00-10' } },
    });
  });

  test('a parameter group: unknown for its clusters alone', async () => {
    playRds({
      regions: makeFleet(4),
      refuse: ({ what, of }) =>
        what === 'parameters' && of.includes('g0') ? 'DBParameterGroupNotFoundFault' : undefined,
    });
    const facts = await survey();
    expect(facts.map(({ parameters }) => Object.keys(parameters)[0])).toEqual([
      'unknown',
      'value',
      'value',
      'unknown',
    ]);
  });

  test('a cluster without a parameter group: unknown, and the reason says so', async () => {
    playRds({
      regions: { [home]: { clusters: [makeDbCluster('prod', { DBClusterParameterGroup: undefined })] } },
    });
    const [prod] = await survey();
    expect(prod?.parameters).toEqual({ unknown: 'RDS does not say which cluster parameter group it has' });
  });
});

describe('a cluster deleted meanwhile', () => {
  const bare = {
    clusters: [makeDbCluster('a'), makeDbCluster('b')],
    instances: [makeDbInstance('b-1', 'b')],
  };

  test('gone at the second look: left out, and one that merely has nothing stays', async () => {
    playRds({ regions: { [home]: { ...bare, gone: ['a'] } } });
    expect(namesOf(await survey())).toEqual(['b']);
    playRds({ regions: { [home]: bare } });
    expect(namesOf(await survey())).toEqual(['a', 'b']);
  });

  test('gone, with snapshots that stay: left out', async () => {
    const snapshots = [makeDbSnapshot('a', '02:10'), makeDbSnapshot('b', '02:10')];
    playRds({ regions: { [home]: { ...bare, snapshots, gone: ['a'] } } });
    expect(namesOf(await survey())).toEqual(['b']);
  });

  test('gone after its instances were listed: left out', async () => {
    const instances = [makeDbInstance('a-1', 'a'), makeDbInstance('b-1', 'b')];
    const snapshots = [makeDbSnapshot('b', '02:10')];
    playRds({ regions: { [home]: { ...bare, instances, snapshots, gone: ['a'] } } });
    expect(namesOf(await survey())).toEqual(['b']);
  });

  test('the second look is refused: the cluster stays', async () => {
    let asked = 0;
    playRds({
      regions: { [home]: bare },
      refuse: ({ what }) => (what === 'clusters' && ++asked > 1 ? 'Throttling' : undefined),
    });
    expect(namesOf(await survey())).toEqual(['a', 'b']);
  });

  test('a fleet in which each has instances and snapshots: nobody looks again', async () => {
    const seen = playRds({ regions: makeFleet(3) });
    await survey();
    expect(seen.calls.filter(({ what }) => what === 'clusters')).toHaveLength(1);
  });
});
