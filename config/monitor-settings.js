// The monitors' settings in deployment.yml. Serverless loads this file when it packages, so a wrong one stops the
// deployment, not the monitors after it.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseKinds } from '../shared/aws/monitor-settings.ts';
import { parseScope } from '../shared/monitors/scope.ts';

const text = readFileSync(new URL('deployment.yml', import.meta.url), 'utf8');
export const { monitoredClusters, countedSnapshots } = parse(text);

parseScope(monitoredClusters);
parseKinds(countedSnapshots);
