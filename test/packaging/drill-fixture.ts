import { readFile } from 'node:fs/promises';
import { tagsOf } from '../../shared/job/names.ts';
import { parsePlans, sourcesOf } from '../../shared/plan/plans.ts';
import { recoveredNames, recoveredTagsOf } from '../../shared/recovery/names.ts';
import { sandboxUserArns } from '../../shared/stack/plan-resources.ts';
import { arnOf } from './roles.ts';

const plans = parsePlans(await readFile('plans.yml', 'utf8'), 'plans.yml');

/** In lower case, as RDS and the policies have them. */
export const sources = sourcesOf(plans).map((source) => source.toLowerCase());
export const users = [...new Set(Object.values(plans).map(({ database }) => database.user))];

/** Of the sandboxes of the plans, by resource id and user. */
export const sandboxUsers = sandboxUserArns(plans).map(
  (arn) => JSON.stringify(arn).match(/dbuser:[^"]+/)?.[0] ?? '',
);

export const executionOf = (stateMachine: string): string =>
  arnOf('states', `execution:${stateMachine}:schedule-6f1c2d3e`);

/** The tags of a drill that an execution of this state machine does. */
export const tagsBy = (stateMachine: string): Record<string, string> =>
  tagsOf({
    id: '0a1b2c3d',
    kind: 'drill',
    source: sources[0] ?? '',
    execution: executionOf(stateMachine),
    expires: '2026-11-20T14:00:00Z',
  });

export const ourTags = tagsBy('aurora-drills-prod');

/** The keys of a request that gives these tags. */
export const asRequestTags = (tags: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value]));

/** A drill's own cluster and writer. */
export const target = `drill-${sources[0]}-0a1b2c3d`;
export const writer = `${target}-writer`;
/** What a recovery makes, and its tags. */
const recovered = { source: sources[0] ?? '', restoreTo: '2026-11-19T02:13:00Z' };
export const recoveredTags = recoveredTagsOf({
  ...recovered,
  execution: executionOf('aurora-drills-prod-recover'),
});
export const { cluster: recoveredCluster, writer: recoveredWriter } = recoveredNames(
  recovered.source,
  recovered.restoreTo,
);
/** And the snapshot of its source, where it takes one. */
export const ownSnapshot = `${target}-snapshot`;
