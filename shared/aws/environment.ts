import { DrillError } from '../errors.ts';

/** The settings of a function: its own, and two that Lambda sets: its Region, and the folder its zip is unpacked in. */
type Setting =
  | 'NOTIFICATION_TOPIC_ARN'
  | 'RUNBOOK_URL'
  | 'MONITORED_CLUSTERS'
  | 'COUNTED_SNAPSHOTS'
  | 'STATE_MACHINE_ARN'
  | 'REPORT_BUCKET'
  | 'AWS_REGION'
  | 'LAMBDA_TASK_ROOT';

/**
 * A setting that the function is deployed with. Among the functions and shared modules the only reader of process.env.
 * @throws DrillError SettingMissing
 */
export const readSetting = (name: Setting): string => {
  const value = process.env[name];
  if (!value) throw new DrillError('SettingMissing', `${name} is not set in the environment of the function`);
  return value;
};
