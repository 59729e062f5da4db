// Called by the state machine once the clone's writer is available, outside the VPC.
// Gives the master user of this job's own clone, and of no other cluster, a password that is derived for this job alone.
// Running it twice sets the same password again, or finds that RDS is still setting it.
import type { Aurora } from '../../shared/aurora/port.ts';
import { classifyClusterStatus } from '../../shared/aurora/statuses.ts';
import { readSetting } from '../../shared/aws/environment.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { findCluster, rdsAurora, setMasterPassword as rdsSetMasterPassword } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { DrillError, isDrillError } from '../../shared/errors.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { assertInTime } from '../../shared/job/creation.ts';
import { passwordOf } from '../../shared/rehearsing/password.ts';
import { assertOwnCluster } from '../../shared/rehearsing/proof.ts';
import { defineRehearsalStep } from '../../shared/rehearsing/state.ts';

type Deps = {
  aurora: Pick<Aurora, 'findCluster' | 'setMasterPassword'>;
  /** Of the stack. */
  secret: () => string;
  now: Clock;
};

export const setPassword = defineRehearsalStep(
  'SetPassword',
  ['PrepareRehearsal'],
  async ({ PrepareRehearsal: job }, { aurora, secret, now }: Deps) => {
    assertInTime(job, toIso(now()), 'changed');
    const { cluster } = job.target;
    const { identifier, masterUser, status } = assertOwnCluster(await aurora.findCluster(cluster), job);
    if (!masterUser) {
      throw new DrillError('UnreadableAnswer', `RDS does not name the master user of clone ${identifier}`);
    }
    if (status === resetting) return { user: masterUser };
    try {
      await aurora.setMasterPassword({ identifier, password: passwordOf(secret(), job.id) });
    } catch (error) {
      if (!isDrillError(error, 'InvalidClusterState')) throw error;
      if (classifyClusterStatus(status).readiness === 'failed') throw error;
      // A moment ago it could be modified, or soon can: its status says for how long not.
      throw new DrillError('AwsUnavailable', `clone ${identifier} cannot be modified now: ${error.summary}`, {
        cause: error,
      });
    }
    return { user: masterUser };
  },
);

/** The first run of this step has asked for it: nobody else knows the clone. */
const resetting = 'resetting-master-credentials';

export const handler = lambdaHandler(setPassword, {
  aurora: rdsAurora({ findCluster, setMasterPassword: rdsSetMasterPassword }),
  secret: () => readSetting('REHEARSAL_SECRET'),
  now: systemClock,
});
