import type { DBClusterSnapshot, DBInstance } from '@aws-sdk/client-rds';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SurveyedFacts } from '../../../shared/posture/survey.ts';
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

/** What is true of a snapshot, whatever RDS says of it. `minute`: when what it holds was taken, once for each snapshot. */
type Shot = {
  minute: number;
  madeBy: 'rds' | 'aws-backup' | 'hand' | 'drill';
  /** Of the cluster as it is, or of an older one of the same name. */
  of: 'this' | 'older';
  isReady: boolean;
  encryption: 'none' | 'sse-rds' | 'sse-kms';
  isPublic: boolean;
  /** RDS has deleted it meanwhile. Copies of it remain. */
  isDeleted: boolean;
  /** One that holds the same, made in the other Region; `through`: by way of a copy at home. */
  copy: null | {
    by: 'hand' | 'aws-backup';
    isReady: boolean;
    tellsCluster: boolean;
    isOfNowhere: boolean;
    through: boolean;
  };
};

type Truth = {
  shots: Shot[];
  /** In which zones, and whether RDS describes the instance in full. */
  instances: { zone: 'a' | 'b'; isWhole: boolean }[];
  wantsCopies: boolean;
  fate: 'stands' | 'deleted';
  /** Somebody else has clusters of this name, here and abroad, and shows their snapshots. */
  hasNamesake: boolean;
};

const shot = fc.record({
  minute: fc.nat({ max: 700 }),
  madeBy: fc.constantFrom('rds', 'aws-backup', 'hand', 'drill'),
  of: fc.constantFrom('this', 'this', 'this', 'older'),
  isReady: fc.boolean(),
  encryption: fc.constantFrom('none', 'sse-rds', 'sse-kms'),
  isPublic: fc.boolean(),
  isDeleted: fc.boolean(),
  copy: fc.option(
    fc.record({
      by: fc.constantFrom('hand', 'aws-backup'),
      isReady: fc.boolean(),
      tellsCluster: fc.boolean(),
      isOfNowhere: fc.boolean(),
      through: fc.boolean(),
    }),
  ),
}) satisfies fc.Arbitrary<Shot>;

const truth: fc.Arbitrary<Truth> = fc.record({
  shots: fc.uniqueArray(shot, { maxLength: 8, selector: ({ minute }) => minute }),
  instances: fc.array(fc.record({ zone: fc.constantFrom('a', 'b'), isWhole: fc.boolean() }), {
    maxLength: 3,
  }),
  wantsCopies: fc.boolean(),
  fate: fc.constantFrom('stands', 'deleted'),
  hasNamesake: fc.boolean(),
});

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const instantOf = (minute: number): string => `2026-11-16T${clock(minute)}:00Z`;

const nameOf = (cluster: string, { minute, madeBy }: Shot): string =>
  ({
    rds: `rds:${cluster}-2026-11-16-${clock(minute).replace(':', '-')}`,
    'aws-backup': `awsbackup:job-${minute}`,
    hand: `by-hand-${minute}`,
    drill: `drill-${cluster}-${minute}`,
  })[madeBy];
const throughName = (cluster: string, { minute }: Shot): string => `again-${cluster}-${minute}`;
const copyName = ({ minute, copy }: Shot): string =>
  copy?.by === 'aws-backup' ? `awsbackup:copyjob-${minute}` : `copy-${minute}`;

const resourceOf = (cluster: string, of: Shot['of']): string =>
  of === 'this' ? `cluster-${cluster.toUpperCase()}` : 'cluster-OLD';

/** What RDS would say of a snapshot that holds the rows of this minute. */
const describeShot = (cluster: string, one: Shot, changes: DBClusterSnapshot): DBClusterSnapshot =>
  makeDbSnapshot(cluster, clock(one.minute), {
    DbClusterResourceId: resourceOf(cluster, one.of),
    StorageEncrypted: one.encryption === 'sse-kms',
    StorageEncryptionType: one.encryption,
    SnapshotType: 'manual',
    ...changes,
  });

const describeAtHome = (cluster: string, one: Shot): DBClusterSnapshot =>
  describeShot(cluster, one, {
    DBClusterSnapshotIdentifier: nameOf(cluster, one),
    DBClusterSnapshotArn: snapshotArn(nameOf(cluster, one)),
    SnapshotType: one.madeBy === 'rds' ? 'automated' : 'manual',
    Status: one.isReady ? 'available' : 'creating',
  });

/** A copy at home of it, made an hour later, which never becomes ready: it only stands between. */
const describeThrough = (cluster: string, one: Shot): DBClusterSnapshot =>
  describeShot(cluster, one, {
    DBClusterSnapshotIdentifier: throughName(cluster, one),
    DBClusterSnapshotArn: snapshotArn(throughName(cluster, one)),
    SourceDBClusterSnapshotArn: snapshotArn(nameOf(cluster, one)),
    SnapshotCreateTime: new Date(instantOf(one.minute + 60)),
    Status: 'deleting',
  });

const describeAbroad = (cluster: string, one: Shot, copy: NonNullable<Shot['copy']>): DBClusterSnapshot =>
  describeShot(cluster, one, {
    DBClusterSnapshotIdentifier: copyName(one),
    DBClusterSnapshotArn: snapshotArn(copyName(one), abroad),
    SourceDBClusterSnapshotArn: copy.isOfNowhere
      ? snapshotArn(`forgotten-${one.minute}`)
      : snapshotArn(copy.through ? throughName(cluster, one) : nameOf(cluster, one)),
    // An older cluster of the same name is told apart by its resource id alone.
    ...(!copy.tellsCluster && one.of === 'this' && { DbClusterResourceId: undefined }),
    SnapshotCreateTime: new Date(instantOf(one.minute + 120)),
    Status: copy.isReady ? 'available' : 'copying',
  });

const describeNamesake = (cluster: string, region: string): DBClusterSnapshot =>
  makeDbSnapshot(cluster, '23:00', {
    DBClusterSnapshotIdentifier: 'theirs',
    DBClusterSnapshotArn: snapshotArn('theirs', region, '999999999999'),
    SourceDBClusterSnapshotArn: snapshotArn('theirs', home, '999999999999'),
    DbClusterResourceId: undefined,
  });

const describeInstance = (
  cluster: string,
  { zone, isWhole }: Truth['instances'][number],
  index: number,
): DBInstance => ({
  ...makeDbInstance(`${cluster}-${index}`, cluster),
  AvailabilityZone: `${home}${zone}`,
  ...(!isWhole && { DBInstanceStatus: undefined }),
});

const describeRegions = (fleet: Record<string, Truth>): Record<string, Region> => {
  const all = Object.entries(fleet);
  const some = <Item>(make: (name: string, truth: Truth) => Item[]): Item[] =>
    all.flatMap(([name, truth]) => make(name, truth));
  const stay = (shots: Shot[]) => shots.filter(({ isDeleted }) => !isDeleted);
  return {
    [home]: {
      clusters: some((name) => [makeDbCluster(name)]),
      gone: some((name, { fate }) => (fate === 'deleted' ? [name] : [])),
      instances: some((name, { instances, fate }) =>
        fate === 'deleted' ? [] : instances.map((one, index) => describeInstance(name, one, index)),
      ),
      snapshots: some((name, { shots }) => [
        ...stay(shots).map((one) => describeAtHome(name, one)),
        ...shots.filter(({ copy }) => copy?.through).map((one) => describeThrough(name, one)),
      ]),
      shown: some((name, { shots, hasNamesake }) => [
        ...stay(shots)
          .filter(({ isPublic }) => isPublic)
          .map((one) => describeAtHome(name, one)),
        ...(hasNamesake ? [describeNamesake(name, home)] : []),
      ]),
    },
    [abroad]: {
      snapshots: some((name, { shots, hasNamesake }) => [
        ...shots.flatMap((one) => (one.copy === null ? [] : [describeAbroad(name, one, one.copy)])),
        ...(hasNamesake ? [describeNamesake(name, abroad)] : []),
      ]),
    },
  };
};

const newestOf = (shots: Shot[]): Shot | undefined => shots.toSorted((a, b) => b.minute - a.minute)[0];

/** Can its age be told? By its name, or because the snapshot that it is a copy of is still there. */
const isDated = ({ madeBy, isDeleted, copy }: Shot): boolean =>
  !copy?.isOfNowhere && (madeBy === 'rds' || !isDeleted);

const expectSnapshots = (cluster: string, { shots }: Truth): SurveyedFacts['snapshots'] => {
  const usable = shots.filter(
    ({ of, isReady, isDeleted, madeBy }) => of === 'this' && isReady && !isDeleted && madeBy !== 'drill',
  );
  const newest = [
    ['automated', 'rds'],
    ['aws-backup', 'aws-backup'],
    ['manual', 'hand'],
  ].flatMap(([kind, maker]) => {
    const found = newestOf(usable.filter(({ madeBy }) => madeBy === maker));
    return found === undefined ? [] : [[kind, instantOf(found.minute)]];
  });
  const namesOf = (some: Shot[]) => some.map((one) => nameOf(cluster, one)).sort();
  return {
    value: {
      newest: Object.fromEntries(newest),
      public: namesOf(shots.filter(({ isPublic, isDeleted }) => isPublic && !isDeleted)),
      unencrypted: namesOf(usable.filter(({ encryption }) => encryption === 'none')),
    },
  };
};

const expectCopies = ({ shots, wantsCopies }: Truth): SurveyedFacts['copies'] => {
  if (!wantsCopies) return null;
  const usable = shots.filter(({ of, copy }) => of === 'this' && copy?.isReady);
  const dated = newestOf(usable.filter(isDated));
  const best = dated ?? newestOf(usable);
  if (best === undefined) return { value: { region: abroad, newest: null } };
  const takenAt = dated === undefined ? null : instantOf(dated.minute);
  const undated = newestOf(usable.filter((one) => !isDated(one)));
  return {
    value: {
      region: abroad,
      newest: { snapshot: copyName(best), takenAt },
      ...(undated && {
        undated: { snapshot: copyName(undated), copiedAt: instantOf(undated.minute + 120) },
      }),
    },
  };
};

const fleets = fc.dictionary(fc.constantFrom('prod', 'app', 'constructor', 'a1'), truth, {
  maxKeys: 4,
});

test('any fleet: the survey tells what is true of it', async () => {
  await fc.assert(
    fc.asyncProperty(fleets, fc.integer({ min: 1, max: 7 }), async (fleet, pageSize) => {
      const standing = Object.entries(fleet).filter(([, { fate }]) => fate === 'stands');
      playRds({ regions: describeRegions(fleet), pageSize });
      const facts = await survey((name) => (fleet[name]?.wantsCopies ? abroad : undefined));
      expect(facts.map(({ cluster }) => cluster.identifier)).toEqual(standing.map(([name]) => name));
      for (const [index, [name, truth]] of standing.entries()) {
        const { snapshots, copies, instances } = facts[index] ?? {};
        expect(snapshots).toEqual(expectSnapshots(name, truth));
        expect(copies).toEqual(expectCopies(truth));
        if (truth.instances.every(({ isWhole }) => isWhole)) {
          const zones = truth.instances.map(({ zone }) => ({ zone: `${home}${zone}` }));
          expect(instances).toMatchObject({ value: zones });
        } else expect(instances).toMatchObject({ unknown: expect.stringContaining('DBInstanceStatus') });
      }
    }),
    { numRuns: 200 },
  );
});
