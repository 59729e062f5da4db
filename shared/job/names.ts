import { createHash } from 'node:crypto';
import { drillPrefix } from '../aurora/drill-prefix.ts';
import type { JobKind } from './state.ts';
import { toTagValue } from './tag-values.ts';

export { drillPrefix };

/** Public: the tags on every copy that is torn down. `drill` is the id of its job, `job` the kind of job. */
export const drillTags = {
  drill: 'aurora-drills:drill',
  job: 'aurora-drills:job',
  source: 'aurora-drills:source',
  execution: 'aurora-drills:execution',
  expires: 'aurora-drills:expires',
} as const;

/** A plan's name becomes part of names, metrics and paths. */
export const planNamePattern = /^[A-Za-z][\w-]{0,39}$/;

const writerSuffix = '-writer';
const snapshotSuffix = '-snapshot';
/** RDS: identifiers of clusters and instances have at most 63 characters. */
const maxIdentifierLength = 63;

/** A job's id: eight hex digits, always the same for an execution, so that every step may run twice. */
export const jobId = (executionArn: string): string =>
  createHash('sha256').update(executionArn).digest('hex').slice(0, 8);

/** The identifiers of what a job makes. The snapshot only where it takes one of its source. */
export type TargetNames = { cluster: string; writer: string; snapshot: string };

/**
 * The copy that is torn down, `drill-<source, shortened>-<id>`, its writer, and the snapshot.
 * Valid for RDS: at most 63 characters, of a snapshot 255, no two hyphens in a row, none at the end.
 */
export const targetNames = (source: string, id: string): TargetNames => {
  const room = maxIdentifierLength - drillPrefix.length - 1 - id.length - writerSuffix.length;
  const shortened = source.toLowerCase().slice(0, room).replace(/-+$/, '');
  const cluster = `${drillPrefix}${shortened}-${id}`;
  return { cluster, writer: `${cluster}${writerSuffix}`, snapshot: `${cluster}${snapshotSuffix}` };
};

/** The tags of one job. `expires`: ISO 8601, after this instant nobody can need the copy. */
export const tagsOf = (job: {
  id: string;
  kind: JobKind;
  source: string;
  execution: string;
  expires: string;
}): Record<string, string> => ({
  [drillTags.drill]: job.id,
  [drillTags.job]: job.kind,
  [drillTags.source]: job.source,
  [drillTags.execution]: toTagValue(job.execution),
  [drillTags.expires]: job.expires,
});

/** Is this the copy of a job, or its snapshot? Its tag says so, or a name of the form that only jobs give. */
export const isOfDrill = ({
  identifier,
  tags,
}: {
  identifier: string;
  tags: Record<string, string>;
}): boolean =>
  Object.hasOwn(tags, drillTags.drill) ||
  (identifier.startsWith(drillPrefix) && /-[0-9a-f]{8}(-snapshot)?$/.test(identifier));
