// Called by the state machine in a loop, until the source's backups reach the baseline's instant.
// Changes nothing in AWS: describes the source cluster.
// Running it twice looks twice.
import type { Aurora } from '../shared/aurora.ts';
import { findCluster, rdsAurora } from '../shared/aurora-rds.ts';
import { systemClock } from '../shared/clock.ts';
import { type Clock, toIso } from '../shared/instants.ts';
import { lambdaHandler } from '../shared/lambda.ts';
import { defineStep } from '../shared/step.ts';
import { decideRestorePoint } from '../shared/waits.ts';

type Deps = { aurora: Pick<Aurora, 'findCluster'>; now: Clock };

export const checkRestorePoint = defineStep(
  'CheckRestorePoint',
  ['PrepareDrill', 'CaptureBaseline'],
  async ({ PrepareDrill: drill, CaptureBaseline: baseline }, { aurora, now }: Deps) => {
    const source = await aurora.findCluster(drill.source.identifier);
    return {
      ...decideRestorePoint(source, baseline.restoreTo, drill.deadline, toIso(now())),
      latestRestorableTime: source?.latestRestorableTime ?? null,
    };
  },
);

export const handler = lambdaHandler(checkRestorePoint, {
  aurora: rdsAurora({ findCluster }),
  now: systemClock,
});
