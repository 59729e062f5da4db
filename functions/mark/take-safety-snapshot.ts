// Called by the state machine once the second is known: the pre-flight of a rewind to it, and the safety copy.
// Creates one cluster snapshot of the source in RDS, whose name begins with safety-. Nothing of this project deletes it.
// Running it twice finds the snapshot of the first run by its name, which has the source and the second, and by its tags.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import {
  findCluster,
  findSnapshot,
  listClusterParameters,
  patientRds,
  rdsAurora,
  takeSnapshot,
} from '../../shared/aws/rds.ts';
import { listBacktracks, listBlueGreens, listClusterEvents } from '../../shared/aws/rds-backtrack.ts';
import { systemClock } from '../../shared/clock.ts';
import { isDrillError } from '../../shared/errors.ts';
import { addSeconds, type Clock, isAfter, toIso } from '../../shared/instants.ts';
import { claimOwn } from '../../shared/job/creation.ts';
import { safetySnapshotName, safetyTags } from '../../shared/rewind/names.ts';
import { checkReadiness } from '../../shared/rewind/preflight.ts';
import type { RewindAurora } from '../../shared/rewind/reading.ts';
import { readSourceFacts } from '../../shared/rewinding/facts.ts';
import { defineMarkStep, type SafetyTaken } from '../../shared/rewinding/mark-state.ts';

type Deps = {
  aurora: Pick<Aurora, 'findCluster' | 'takeSnapshot' | 'findSnapshot'> & RewindAurora;
  now: Clock;
};

export const takeSafetySnapshot = defineMarkStep(
  'TakeSafetySnapshot',
  ['PrepareMark', 'ReadClock'],
  async (state, { aurora, now }: Deps): Promise<SafetyTaken> => {
    const { PrepareMark: mark, ReadClock: server } = state;
    const { at: to } = server;
    const { identifier } = mark.source;
    const requestedAt = toIso(now());
    const facts = await readSourceFacts(aurora, identifier, server, requestedAt);
    // The database's clock may be ahead of this one.
    const readiness = checkReadiness(facts, {
      to,
      now: isAfter(requestedAt, to) ? requestedAt : addSeconds(to, 1),
    });
    if (!mark.snapshot) return { readiness, requestedAt, snapshot: null };
    const snapshot = {
      identifier: safetySnapshotName(identifier, to),
      expires: addSeconds(to, mark.expiresDays * 86_400),
    };
    await take(aurora, identifier, snapshot);
    return { readiness, requestedAt, snapshot };
  },
);

const take = async (
  aurora: Deps['aurora'],
  cluster: string,
  { identifier, expires }: { identifier: string; expires: string },
): Promise<void> => {
  const tags = { [safetyTags.source]: cluster, [safetyTags.expires]: expires };
  try {
    await aurora.takeSnapshot({ cluster, identifier, tags });
  } catch (error) {
    if (!isDrillError(error, 'TargetNameTaken')) throw error;
    const found = await aurora.findSnapshot(identifier);
    const refuse = (one: NonNullable<typeof found>): string | null =>
      one.tags[safetyTags.source] === cluster ? null : `${identifier} is of no mark of ${cluster}`;
    claimOwn(found, `snapshot ${identifier}`, refuse, error);
  }
};

export const handler = lambdaHandler(takeSafetySnapshot, {
  // What it does not answer counts as not known.
  aurora: rdsAurora(
    {
      findCluster,
      findSnapshot,
      takeSnapshot,
      listBacktracks,
      listClusterEvents,
      listBlueGreens,
      listClusterParameters,
    },
    patientRds(),
  ),
  now: systemClock,
});
