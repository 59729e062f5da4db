// Makes one EventBridge Scheduler schedule of each plan in plans.yml that has one, as CloudFormation resources.
// Serverless loads this file when it packages, so a wrong plans.yml stops a deployment.
import { readFileSync } from 'node:fs';
import { parsePlans } from '../shared/plan.ts';
import { scheduleResources } from '../shared/schedule-resources.ts';

const plans = parsePlans(readFileSync(new URL('../plans.yml', import.meta.url), 'utf8'), 'plans.yml');

export const Resources = scheduleResources(plans);
