import { createHash } from 'node:crypto';
import type { JobKind } from './state.ts';
import { toTagValue } from './tag-values.ts';

/** Public: the name of every copy that is torn down begins with this. Nothing without it is ever deleted. */
export const drillPrefix = 'drill-';

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
/** RDS: identifiers of clusters and instances have at most 63 characters. */
const maxIdentifierLength = 63;

/** A job's id: eight hex digits, always the same for an execution, so that every step may run twice. */
export const jobId = (executionArn: string): string =>
  createHash('sha256').update(executionArn).digest('hex').slice(0, 8);

/**
 * The identifiers of a copy that is torn down: `drill-<source, shortened>-<id>`, and its writer.
 * Valid for RDS: at most 63 characters, no two hyphens in a row, none at the end.
 */
export const targetNames = (source: string, id: string): { cluster: string; writer: string } => {
  const room = maxIdentifierLength - drillPrefix.length - 1 - id.length - writerSuffix.length;
  const shortened = source.toLowerCase().slice(0, room).replace(/-+$/, '');
  const cluster = `${drillPrefix}${shortened}-${id}`;
  return { cluster, writer: `${cluster}${writerSuffix}` };
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

/** Is this cluster the copy of a job? Its tag says so, or a name of the form that only jobs give. */
export const isOfDrill = ({
  identifier,
  tags,
}: {
  identifier: string;
  tags: Record<string, string>;
}): boolean =>
  Object.hasOwn(tags, drillTags.drill) ||
  (identifier.startsWith(drillPrefix) && /-[0-9a-f]{8}$/.test(identifier));
