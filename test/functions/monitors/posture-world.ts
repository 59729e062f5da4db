import { posture } from '../../../functions/monitors/posture.ts';
import type { Cluster, Snapshot, Unreadable } from '../../../shared/aurora/port.ts';
import type { DrillError } from '../../../shared/errors.ts';
import type { Message } from '../../../shared/messages/message.ts';
import type { Metric } from '../../../shared/monitors/metrics.ts';
import { postureKey } from '../../../shared/posture/document.ts';
import { makeCluster } from '../../shared/aurora/cluster-fixture.ts';
import { modelReports } from '../../shared/history/reports-model.ts';
import { failWith, makeAurora } from '../fakes.ts';

export const now = '2026-11-20T06:20:00Z';

export const makeShop = (changes: Partial<Cluster> = {}): Cluster =>
  makeCluster({ identifier: 'shop', isProtected: true, latestRestorableTime: now, ...changes });

/** What a Region holds on one day. */
export type Day = {
  clusters: Cluster[];
  at?: string;
  plans?: string;
  unreadable?: Unreadable[];
  /** Of parameter groups that RDS does not answer for. */
  throttled?: string[];
};

type Changes = Partial<Parameters<typeof posture>[1]>;

const noPages = async function* (): AsyncGenerator<never> {};

/** A Region, its report bucket, and all that was told and published. */
export const makeWorld = () => {
  const reports = modelReports();
  const messages: Message[] = [];
  const published: Metric[] = [];
  const abroad: string[] = [];
  const run = (
    { clusters, at = now, plans, unreadable = [], throttled = [] }: Day,
    changes: Changes = {},
  ) => {
    const aurora = {
      ...makeAurora({
        listClusters: async (names) => ({
          clusters: clusters.filter(({ identifier }) => names?.includes(identifier) ?? true),
          unreadable,
        }),
        listSnapshots: noPages,
        listClusterParameters: async (group) =>
          throttled.includes(group)
            ? failWith('Throttled')()
            : [{ name: 'shared_preload_libraries', value: 'pg_stat_statements', isSet: false }],
      }),
      listRegionInstances: noPages,
      listPublicSnapshots: noPages,
    };
    return posture(
      {},
      {
        aurora,
        copiesIn: (region) => {
          abroad.push(region);
          return { listSnapshots: noPages as () => AsyncGenerator<Snapshot[]> };
        },
        proofs: async () => ({ value: [] }),
        reports,
        nameOf: (key) => `s3://b/${key}`,
        metrics: { publish: async (values) => void published.push(...values) },
        notify: async (message) => void messages.push(message),
        readPlans: async () =>
          plans ?? 'plans:\n  other: { source: other, database: { name: a, user: u } }\n',
        scope: () => ({ kind: 'all' }),
        countedKinds: () => ['automated'],
        region: () => 'eu-west-1',
        now: () => new Date(at),
        ...changes,
      },
    ).catch((error: DrillError) => error);
  };
  return {
    reports,
    messages,
    published,
    abroad,
    run,
    text: () => reports.files.get(postureKey),
    rises: () => published.flatMap(({ name, value }) => (name === 'PostureRise' ? [value] : [])),
  };
};
