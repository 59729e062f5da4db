// Called by a schedule every day, and by hand.
// Changes nothing in RDS: judges the settings that decide whether each cluster can be brought back, publishes how many fail,
// tells people what has changed since the last run, and writes posture.html and posture.json.
// Running it twice tells nothing twice: posture.json says what was told. It is written last, so that a run that could not tell,
// or not write, is told by the next one.
import type { Aurora } from '../../shared/aurora/port.ts';
import type { SnapshotKind } from '../../shared/aurora/snapshots.ts';
import { readSetting } from '../../shared/aws/environment.ts';
import { monitorHandler } from '../../shared/aws/lambda.ts';
import { cloudWatchMetrics, publish } from '../../shared/aws/metrics.ts';
import { readCountedKinds, readScope } from '../../shared/aws/monitor-settings.ts';
import { snsNotify } from '../../shared/aws/notify.ts';
import { plansFileName, readPackagedPlans } from '../../shared/aws/plans-file.ts';
import {
  listClusterParameters,
  listClusters,
  listSnapshots,
  patientRds,
  rdsAurora,
} from '../../shared/aws/rds.ts';
import { listPublicSnapshots, listRegionInstances } from '../../shared/aws/rds-region.ts';
import { placeOfKey } from '../../shared/aws/report-place.ts';
import { findVersion, read, replace, s3Reports } from '../../shared/aws/reports.ts';
import { systemClock } from '../../shared/clock.ts';
import { DrillError } from '../../shared/errors.ts';
import { readProofs } from '../../shared/history/coverage.ts';
import { indexKey, parseHistory } from '../../shared/history/document.ts';
import { readLastPosture, writePosture } from '../../shared/history/posture-files.ts';
import type { Reports } from '../../shared/history/reports.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { type Known, know } from '../../shared/known.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { describePosture } from '../../shared/messages/posture.ts';
import type { Metrics } from '../../shared/monitors/metrics.ts';
import { describeUnread, judgeFleet, measurePosture } from '../../shared/monitors/posture.ts';
import type { Scope } from '../../shared/monitors/scope.ts';
import { type Plan, parsePlans } from '../../shared/plan/plans.ts';
import { type Change, isWorthTelling, listChanges } from '../../shared/posture/changes.ts';
import { type PostureDocument, posturePageKey } from '../../shared/posture/document.ts';
import type { PlanProof } from '../../shared/posture/facts.ts';
import type { PostureAurora } from '../../shared/posture/survey.ts';
import { wantedOf } from '../../shared/posture/wanted.ts';
import { countAll } from '../../shared/posture/words.ts';

type Deps = {
  aurora: PostureAurora;
  /** The port to another Region, where a plan wants copies. */
  copiesIn: (region: string) => Pick<Aurora, 'listSnapshots'>;
  /** What drills have proven, or why nobody can know. @throws DrillError when it cannot be read */
  proofs: (plans: Record<string, Plan>) => Promise<Known<PlanProof[]>>;
  reports: Omit<Reports, 'write'>;
  /** What messages call a key of the reports. */
  nameOf: (key: string) => string;
  metrics: Pick<Metrics, 'publish'>;
  notify: Notify;
  readPlans: () => Promise<string>;
  scope: () => Scope;
  countedKinds: () => SnapshotKind[];
  region: () => string;
  now: Clock;
};

/** `told`: the title of the message, null where nothing has changed. */
export type PostureRun = { clusters: number; failing: number; told: string | null };

export const posture = async (_event: unknown, deps: Deps): Promise<PostureRun> => {
  const { reports, nameOf, metrics, scope, countedKinds, readPlans, region, now } = deps;
  const at = toIso(now());
  const plans = parsePlans(await readPlans(), plansFileName);
  const last = await readLastPosture(reports, nameOf);
  const proven = await know(() => deps.proofs(plans));
  const { document, failed, partly } = await judgeFleet(deps, {
    scope: scope(),
    wanted: wantedOf(plans, countedKinds()),
    proofs: 'value' in proven ? proven.value : proven,
    region: region(),
    at,
    before: last.document,
  });
  const changes = listChanges(last.document, document);
  await metrics.publish(measurePosture(document, changes, last.document === null));
  const told = await tell(changes, last.document, document, deps);
  await writePosture(reports, document, last);
  const { length } = document.clusters;
  const unread = describeUnread(failed, length - partly, { changes, proven });
  if (unread !== '') throw new DrillError('MonitorIncomplete', unread);
  return { clusters: length, failing: countAll(document, 'fail'), told };
};

/** @returns the title of the message, null where there was none to send */
const tell = async (
  changes: readonly Change[],
  before: PostureDocument | null,
  document: PostureDocument,
  { notify, nameOf }: Deps,
): Promise<string | null> => {
  if (!isWorthTelling(changes, before, document)) return null;
  const message = describePosture(changes, {
    document,
    isFirst: before === null,
    reportPlace: nameOf(posturePageKey),
  });
  await notify(message);
  return message.title;
};

const reports = s3Reports({ read, findVersion, replace });

export const handler = monitorHandler(posture, {
  aurora: rdsAurora(
    { listClusters, listSnapshots, listClusterParameters, listRegionInstances, listPublicSnapshots },
    patientRds(),
  ),
  copiesIn: (other) => rdsAurora({ listSnapshots }, patientRds(other)),
  proofs: async (plans) => {
    const index = await reports.read(indexKey);
    return {
      value: index === null ? [] : readProofs(parseHistory(index.text, placeOfKey(indexKey)), plans),
    };
  },
  reports,
  nameOf: placeOfKey,
  metrics: cloudWatchMetrics({ publish }),
  notify: snsNotify(),
  readPlans: readPackagedPlans,
  scope: readScope,
  countedKinds: readCountedKinds,
  region: () => readSetting('AWS_REGION'),
  now: systemClock,
});
