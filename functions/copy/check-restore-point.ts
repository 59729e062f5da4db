// Called by the state machine in a loop, until the source's backups reach the baseline's instant.
// Changes nothing in AWS: describes the source cluster.
// Running it twice looks twice.
import type { Aurora } from '../../shared/aurora/port.ts';
import { findCluster, rdsAurora } from '../../shared/aurora/rds.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { defineStep } from '../../shared/job/step.ts';
import { decideRestorePoint } from '../../shared/job/waits.ts';

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
