import {
  listClusterParameters,
  listClusters,
  listSnapshots,
  patientRds,
  rdsAurora,
} from '../../../shared/aws/rds.ts';
import { listPublicSnapshots, listRegionInstances } from '../../../shared/aws/rds-region.ts';
import { DrillError } from '../../../shared/errors.ts';
import { toIso } from '../../../shared/instants.ts';
import { judgeFleet } from '../../../shared/monitors/posture.ts';
import { parsePlans } from '../../../shared/plan/plans.ts';
import {
  formatPosture,
  type PostureDocument,
  postureKey,
  posturePageKey,
} from '../../../shared/posture/document.ts';
import type { Finding } from '../../../shared/posture/finding.ts';
import { renderPosture } from '../../../shared/posture/page/page.ts';
import { type Wanted, wantedOf } from '../../../shared/posture/wanted.ts';
import { folderReports } from '../report-folder.ts';
import { readPlans } from '../settings.ts';
import type { PostureScene } from './arguments.ts';
import type { Look } from './look.ts';
import { explainRefusal } from './refusals.ts';

type Account = Extract<PostureScene, { kind: 'account' }>;

const noHistory = 'the history of drills is in the report bucket of a stack, and none was read';

/**
 * Judges every Aurora cluster of the account in one Region, which it only describes, and files document and page.
 * @throws DrillError with what somebody at a terminal can do
 */
export const lookAtAccount = async (account: Account, folder: string, now: Date): Promise<Look[]> => {
  const wanted = await readWanted(account);
  const document = await judgeRegion(account.region, wanted, toIso(now)).catch((error) => {
    throw explainRefusal(error, account.region);
  });
  const reports = folderReports(folder);
  await reports.write(postureKey, formatPosture(document));
  await reports.write(posturePageKey, renderPosture(document));
  return [{ document, day: null }];
};

const readWanted = async ({ planFile, copyRegion }: Account): Promise<(cluster: string) => Wanted> => {
  const plans = planFile === null ? {} : parsePlans(await readPlans(planFile), planFile);
  const byPlans = wantedOf(plans);
  if (copyRegion === null) return byPlans;
  return (cluster) => {
    const wanted = byPlans(cluster);
    return { ...wanted, settings: { ...wanted.settings, copyRegion } };
  };
};

const judgeRegion = async (
  region: string,
  wanted: (cluster: string) => Wanted,
  at: string,
): Promise<PostureDocument> => {
  const ports = {
    aurora: rdsAurora(
      { listClusters, listRegionInstances, listSnapshots, listPublicSnapshots, listClusterParameters },
      patientRds(region),
    ),
    copiesIn: (other: string) => rdsAurora({ listSnapshots }, patientRds(other)),
  };
  const proofs = { unknown: noHistory };
  const { document } = await judgeFleet(ports, {
    wanted,
    scope: { kind: 'all' },
    proofs,
    region,
    at,
    before: null,
  });
  const { clusters, unreadable } = document;
  if (clusters.length + unreadable.length === 0) {
    throw new DrillError('NothingMonitored', `there is no Aurora cluster in ${region}`, {
      hint: 'name the Region that your clusters are in, or the profile of their account in AWS_PROFILE',
    });
  }
  return {
    ...document,
    clusters: clusters.map((one) => ({ ...one, findings: one.findings.map(withoutHistory) })),
  };
};

/** What only the history could tell is no question here. */
const withoutHistory = (finding: Finding): Finding =>
  finding.verdict === 'unreadable' && finding.why === noHistory
    ? { ...finding, verdict: 'not-applicable' }
    : finding;
