import pMap from 'p-map';
import { findGone, maxCallsInFlight } from '../aurora/in-groups.ts';
import type { Aurora, Cluster, Instance, Parameter } from '../aurora/port.ts';
import type { RegionVerbs } from '../aurora/region.ts';
import { type Known, know } from '../known.ts';
import { compareTexts } from '../words.ts';
import { readCopies } from './copies.ts';
import type { CopyFacts, PostureFacts } from './facts.ts';
import { isBare, noSnapshots, readSnapshots } from './snapshots.ts';

/** What the Region of the clusters is asked. */
export type PostureAurora = Pick<Aurora, 'listClusters' | 'listSnapshots' | 'listClusterParameters'> &
  RegionVerbs;

export type FleetSurvey = {
  /** Those that are judged. */
  clusters: readonly Cluster[];
  wanted: (cluster: string) => { settings: { copyRegion?: string | null | undefined } };
  /** The port to another Region. */
  copies: (region: string) => Pick<Aurora, 'listSnapshots'>;
};

export type SurveyedFacts = Omit<PostureFacts, 'proofs'>;

/**
 * What RDS says of many clusters, in the fewest calls: whole listings instead of questions about each, one kind after the
 * other, and never more than 8 calls at once. What cannot be read is unknown, with the reason, and the others go on. A
 * cluster that is deleted meanwhile is left out.
 */
export const surveyFleet = async (
  aurora: PostureAurora,
  { clusters, wanted, copies }: FleetSurvey,
): Promise<SurveyedFacts[]> => {
  const regions = new Map(
    clusters.map(({ identifier }) => [identifier, wanted(identifier).settings.copyRegion ?? null]),
  );
  const instances = await readInstances(aurora, clusters);
  const { snapshots, originals } = await readSnapshots(aurora, clusters, (name) =>
    Boolean(regions.get(name)),
  );
  const copied = new Map<string, Known<CopyFacts>>();
  for (const [region, some] of Map.groupBy(clusters, ({ identifier }) => regions.get(identifier))) {
    if (!region) continue;
    const found = await readCopies(copies(region), region, some, originals);
    for (const [cluster, facts] of found) copied.set(cluster, facts);
  }
  const parameters = await readParameters(aurora, clusters);
  const surveyed = clusters.map((cluster): SurveyedFacts => {
    const { identifier, parameterGroup } = cluster;
    return {
      cluster,
      instances: instances.get(identifier) ?? { value: [] },
      parameters: parameters.get(parameterGroup) ?? noGroup,
      snapshots: snapshots.get(identifier) ?? noSnapshots,
      copies: copied.get(identifier) ?? null,
    };
  });
  // A deleted cluster takes its instances and snapshots with it, and would seem to be without any.
  const odd = surveyed.filter(seemsDeleted).map(({ cluster }) => cluster);
  const gone = await findGone(aurora, odd, []);
  return surveyed.filter(({ cluster }) => !gone.has(cluster.identifier));
};

const seemsDeleted = ({ instances, snapshots }: SurveyedFacts): boolean =>
  ('value' in instances && instances.value.length === 0) || isBare(snapshots);

/** Of each cluster that has any, or of which one cannot be read. Those of clusters that are not judged are not kept. */
const readInstances = async (
  aurora: RegionVerbs,
  clusters: readonly Cluster[],
): Promise<Map<string, Known<Instance[]>>> => {
  const found = new Map(clusters.map(({ identifier }) => [identifier, [] as Instance[]]));
  const odd = new Map<string, string>();
  const listed = await know(async () => {
    for await (const { instances, unreadable } of aurora.listRegionInstances()) {
      for (const instance of instances) found.get(instance.cluster ?? '')?.push(instance);
      for (const { cluster, reason } of unreadable) {
        const other = odd.get(cluster) ?? reason;
        // The order of the pages is none of the facts.
        odd.set(cluster, reason < other ? reason : other);
      }
    }
  });
  const byName = (a: Instance, b: Instance) => compareTexts(a.identifier, b.identifier);
  return new Map(
    [...found].map(([cluster, instances]): [string, Known<Instance[]>] => {
      if ('unknown' in listed) return [cluster, listed];
      const reason = odd.get(cluster);
      return [cluster, reason === undefined ? { value: instances.sort(byName) } : { unknown: reason }];
    }),
  );
};

const noGroup: Known<Parameter[]> = { unknown: 'RDS does not say which cluster parameter group it has' };

/** By group: clusters share them. */
const readParameters = async (
  aurora: Pick<Aurora, 'listClusterParameters'>,
  clusters: readonly Cluster[],
): Promise<Map<string | null, Known<Parameter[]>>> => {
  const groups = [...new Set(clusters.flatMap(({ parameterGroup }) => parameterGroup ?? []))];
  const read = async (group: string) =>
    [group, await know(() => aurora.listClusterParameters(group))] as const;
  return new Map(await pMap(groups, read, { concurrency: maxCallsInFlight }));
};
