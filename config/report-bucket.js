// The bucket for reports. Serverless loads this file when it packages, so a wrong setting in deployment.yml stops a
// deployment.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseReportLock, reportBucketResources } from '../shared/stack/report-bucket.ts';

const { reportLock } = parse(readFileSync(new URL('deployment.yml', import.meta.url), 'utf8'));

export const bucket = { Resources: reportBucketResources(parseReportLock(reportLock)) };
