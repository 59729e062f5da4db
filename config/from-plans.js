// What plans.yml says, as CloudFormation. Serverless loads this file when it packages, so a wrong plans.yml stops a
// deployment.
import { readFileSync } from 'node:fs';
import { parsePlans } from '../shared/plan.ts';
import { databaseUserArns, scheduleResources, sourceClusterArns } from '../shared/plan-resources.ts';

const plans = parsePlans(readFileSync(new URL('../plans.yml', import.meta.url), 'utf8'), 'plans.yml');

export const schedules = { Resources: scheduleResources(plans) };

export const databaseUsers = databaseUserArns(plans);

export const sourceClusters = sourceClusterArns(plans);
