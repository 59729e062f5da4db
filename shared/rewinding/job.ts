import type { Execution, Job, RestoreSettings } from '../job/state.ts';
import type { Plan } from '../plan/plans.ts';
import { fixRecovery } from '../recovering/job.ts';
import type { SeenSource } from '../recovering/source.ts';
import { readMadeAt } from '../rewind/code.ts';
import { safetyCloneNames } from '../rewind/names.ts';

type RewindPlanned = {
  execution: Execution;
  plan: { name: string } & Pick<Plan, 'timeoutMinutes' | 'recover'>;
  /** Every source in plans.yml. */
  sources: readonly string[];
  source: SeenSource;
  restore: RestoreSettings;
  confirm: string | null;
};

/**
 * The job of a rewind: a clone of the present that stays, made as a recovery by clone makes it. It is named by source and by
 * when the code was made, so that whoever starts the same rewind again goes on with the same clone.
 */
export const fixRewind = ({ confirm, ...planned }: RewindPlanned): Job => {
  const { execution, source } = planned;
  const at = (confirm !== null && readMadeAt(confirm)) || execution.startedAt;
  const reason = 'production as it is before the rewind';
  const job = fixRecovery({
    ...planned,
    snapshots: [],
    choice: { mechanism: 'clone', reason, reaches: at, lossSeconds: 0 },
  });
  return { ...job, target: safetyCloneNames(source.cluster.identifier, at) };
};
