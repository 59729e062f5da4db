import { DrillError } from '../errors.ts';

/** The settings of a function. Lambda sets two of them: the Region, and the folder the zip is unpacked in. */
type Setting =
  | 'NOTIFICATION_TOPIC_ARN'
  | 'RUNBOOK_URL'
  | 'MONITORED_CLUSTERS'
  | 'COUNTED_SNAPSHOTS'
  | 'RECOVER_STATE_MACHINE_ARN'
  | 'REWIND_STATE_MACHINE_ARN'
  | 'STATE_MACHINE_ARN'
  | 'REPORT_BUCKET'
  | 'REHEARSAL_SECRET'
  | 'AWS_REGION'
  | 'LAMBDA_TASK_ROOT';

/**
 * A setting that the function is deployed with. The only reader of process.env in functions/ and shared/.
 * @throws DrillError SettingMissing
 */
export const readSetting = (name: Setting): string => {
  const value = process.env[name];
  if (!value) throw new DrillError('SettingMissing', `${name} is not set in the environment of the function`);
  return value;
};
