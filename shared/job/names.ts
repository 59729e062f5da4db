import { createHash } from 'node:crypto';
import type { JobKind } from './state.ts';

/** Public: every copy that is torn down again begins with this, whatever its job, and nothing without it is ever deleted. */
export const drillPrefix = 'drill-';

/** Public: the tags on every copy that is torn down again. `drill` is the id of its job, `job` says what kind it is. */
export const drillTags = {
  drill: 'aurora-drills:drill',
  job: 'aurora-drills:job',
  source: 'aurora-drills:source',
  execution: 'aurora-drills:execution',
  expires: 'aurora-drills:expires',
} as const;

/** What a plan may be called: a part of names, metrics and paths. */
export const planNamePattern = /^[A-Za-z][\w-]{0,39}$/;

const writerSuffix = '-writer';
/** RDS: identifiers of clusters and instances have at most 63 characters. */
const maxIdentifierLength = 63;

/** A job's id: eight hex digits, the same each time for the same execution, so that every step may run twice. */
export const jobId = (executionArn: string): string =>
  createHash('sha256').update(executionArn).digest('hex').slice(0, 8);

/**
 * The identifiers of a copy that is torn down again: `drill-<source, shortened>-<id>`, and its writer.
 * Valid for RDS: at most 63 characters, no two hyphens in a row, none at the end.
 */
export const targetNames = (source: string, id: string): { cluster: string; writer: string } => {
  const room = maxIdentifierLength - drillPrefix.length - 1 - id.length - writerSuffix.length;
  const shortened = source.toLowerCase().slice(0, room).replace(/-+$/, '');
  const cluster = `${drillPrefix}${shortened}-${id}`;
  return { cluster, writer: `${cluster}${writerSuffix}` };
};

/** The tags of one job; `expires` is the ISO 8601 instant after which nobody can still need what carries it. */
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
  [drillTags.execution]: job.execution,
  [drillTags.expires]: job.expires,
});

/** Is this cluster the copy of a job? Told by our tag, or by a name of the form that only jobs give. */
export const isOfDrill = ({
  identifier,
  tags,
}: {
  identifier: string;
  tags: Record<string, string>;
}): boolean =>
  Object.hasOwn(tags, drillTags.drill) ||
  (identifier.startsWith(drillPrefix) && /-[0-9a-f]{8}$/.test(identifier));
