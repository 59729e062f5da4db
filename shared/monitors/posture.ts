import { describeIncomplete } from '../aurora/incomplete.ts';
import type { Aurora, Unreadable } from '../aurora/port.ts';
import type { Known } from '../known.ts';
import { type Change, listNewlyUnread } from '../posture/changes.ts';
import { buildPosture, countFindings, type PostureDocument } from '../posture/document.ts';
import type { PlanProof } from '../posture/facts.ts';
import { judge } from '../posture/judge.ts';
import { type PostureAurora, type SurveyedFacts, surveyFleet } from '../posture/survey.ts';
import type { Wanted } from '../posture/wanted.ts';
import type { Metric } from './metrics.ts';
import { chooseMonitored, type Scope } from './scope.ts';

type Ports = {
  aurora: PostureAurora;
  /** To another Region, where a plan wants copies. */
  copiesIn: (region: string) => Pick<Aurora, 'listSnapshots'>;
};

type Settings = {
  scope: Scope;
  wanted: (cluster: string) => Wanted;
  proofs: Known<PlanProof[]>;
  region: string;
  /** ISO 8601. */
  at: string;
  before: PostureDocument | null;
};

/**
 * Reads and judges every monitored cluster. `failed`: those of which something could not be read, `partly` of them judged by
 * what could be. The others have their findings all the same.
 */
export const judgeFleet = async (
  { aurora, copiesIn }: Ports,
  { scope, wanted, proofs, region, at, before }: Settings,
): Promise<{ document: PostureDocument; failed: Unreadable[]; partly: number }> => {
  const { clusters, unreadable } = await aurora.listClusters();
  const monitored = chooseMonitored(clusters, scope);
  const surveyed = await surveyFleet(aurora, { clusters: monitored, wanted, copies: copiesIn });
  const judged = surveyed.map((facts) => {
    const { identifier, engine } = facts.cluster;
    const asked = wanted(identifier);
    return {
      cluster: identifier,
      engine,
      plans: Object.keys(asked.plans),
      findings: judge({ ...facts, proofs }, asked, at),
    };
  });
  const partly = surveyed.flatMap(listUnknown);
  return {
    document: buildPosture(judged, { region, checkedAt: at, unreadable, before }),
    failed: [...unreadable, ...partly],
    partly: partly.length,
  };
};

/** What the run could not read of a cluster: whatever else is not known was never asked. */
const listUnknown = ({ cluster, instances, parameters, snapshots, copies }: SurveyedFacts): Unreadable[] => {
  const reasons = [instances, parameters, snapshots, copies].flatMap((facts) =>
    facts !== null && 'unknown' in facts ? [facts.unknown] : [],
  );
  return reasons.length === 0
    ? []
    : [{ cluster: cluster.identifier, reason: [...new Set(reasons)].join('; ') }];
};

/**
 * Why the run ends as failed; empty if it does not. What the last run could not read either, such as what the role is denied,
 * would page people each day anew. Settings can be judged without the history, so a run without it only ends as failed.
 */
export const describeUnread = (
  failed: readonly Unreadable[],
  done: number,
  { changes, proven }: { changes: readonly Change[]; proven: Known<unknown> },
): string => {
  const since = listNewlyUnread(changes);
  const isNew = failed.some(({ cluster }) => since.has(cluster));
  return [
    ...(isNew ? [describeIncomplete(failed, done)] : []),
    ...('value' in proven ? [] : [`the history could not be read: ${proven.unknown}`]),
  ].join('; ');
};

/**
 * `PostureFailures`: what fails, of each cluster and in all. `PostureRise`: what fails now and did not when it could last be
 * read; nothing in a first run.
 */
export const measurePosture = (
  document: PostureDocument,
  changes: readonly Change[],
  isFirst: boolean,
): Metric[] => {
  const { clusters, checkedAt: at } = document;
  const failures = clusters.map((cluster) => ({
    name: 'PostureFailures' as const,
    cluster: cluster.cluster,
    value: countFindings(cluster, 'fail'),
    at,
  }));
  const inAll = failures.reduce((sum, { value }) => sum + value, 0);
  const risen = changes.filter(({ kind }) => kind === 'fails').length;
  return [
    { name: 'PostureFailures', cluster: null, value: inAll, at },
    { name: 'PostureRise', cluster: null, value: isFirst ? 0 : risen, at },
    ...failures,
  ];
};
