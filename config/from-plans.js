// plans.yml as CloudFormation. Serverless loads this file when it packages, so a wrong plans.yml stops a deployment.
import { readFileSync } from 'node:fs';
import { parsePlans } from '../shared/plan/plans.ts';
import { dashboardResources } from '../shared/stack/dashboard.ts';
import { planAlarmResources } from '../shared/stack/plan-alarms.ts';
import {
  databaseUserArns,
  sandboxUserArns,
  scheduleResources,
  sourceClusterArns,
} from '../shared/stack/plan-resources.ts';
import { rewindPolicy } from '../shared/stack/rewind-policy.ts';

const plans = parsePlans(readFileSync(new URL('../plans.yml', import.meta.url), 'utf8'), 'plans.yml');

export const schedules = { Resources: scheduleResources(plans) };

export const databaseUsers = databaseUserArns(plans);

export const sandboxUsers = sandboxUserArns(plans);

export const sourceClusters = sourceClusterArns(plans);

export const rewindsAllowed = rewindPolicy(plans);

const alarms = planAlarmResources(plans, new Date().toISOString());
export const planAlarms = { Resources: alarms };

const alarmsOf = (kind) => Object.keys(alarms).filter((id) => id.startsWith(kind));
export const dashboard = {
  Resources: dashboardResources(plans, {
    'Last drill failed': alarmsOf('DrillFailedAlarm'),
    'No drill passed in time': alarmsOf('NoPassedDrillAlarm'),
    'RTO over its objective': alarmsOf('RtoOverObjectiveAlarm'),
    'Backups and leftovers': [
      'SnapshotAgeAlarm',
      'SnapshotAgeByClusterAlarm',
      'RestorableLagAlarm',
      'BacktrackWindowAlarm',
      'PostureRiseAlarm',
      'LeftoverClustersAlarm',
      'StoppedDrillsAlarm',
    ],
  }),
};
