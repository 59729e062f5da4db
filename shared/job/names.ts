import { createHash } from 'node:crypto';

/** Public: everything a drill creates begins with this, and nothing without it is ever deleted. */
export const drillPrefix = 'drill-';

/** Public: the tags on everything a drill creates. */
export const drillTags = {
  drill: 'aurora-drills:drill',
  source: 'aurora-drills:source',
  execution: 'aurora-drills:execution',
  expires: 'aurora-drills:expires',
} as const;

/** What a plan may be called: a part of names, metrics and paths. */
export const planNamePattern = /^[A-Za-z][\w-]{0,39}$/;

const writerSuffix = '-writer';
/** RDS: identifiers of clusters and instances have at most 63 characters. */
const maxIdentifierLength = 63;

/** A drill's id: eight hex digits, the same each time for the same execution, so that every step may run twice. */
export const drillId = (executionArn: string): string =>
  createHash('sha256').update(executionArn).digest('hex').slice(0, 8);

/**
 * The identifiers of what a drill restores: `drill-<source, shortened>-<id>`, and its writer.
 * Valid for RDS: at most 63 characters, no two hyphens in a row, none at the end.
 */
export const targetNames = (source: string, id: string): { cluster: string; writer: string } => {
  const room = maxIdentifierLength - drillPrefix.length - 1 - id.length - writerSuffix.length;
  const shortened = source.toLowerCase().slice(0, room).replace(/-+$/, '');
  const cluster = `${drillPrefix}${shortened}-${id}`;
  return { cluster, writer: `${cluster}${writerSuffix}` };
};

/** The tags of one drill; `expires` is the ISO 8601 instant after which nobody can still need what carries it. */
export const tagsOf = (drill: {
  id: string;
  source: string;
  execution: string;
  expires: string;
}): Record<string, string> => ({
  [drillTags.drill]: drill.id,
  [drillTags.source]: drill.source,
  [drillTags.execution]: drill.execution,
  [drillTags.expires]: drill.expires,
});

/** Was this cluster made by a drill? Told by our tag, or by a name of the form that only drills give. */
export const isOfDrill = ({
  identifier,
  tags,
}: {
  identifier: string;
  tags: Record<string, string>;
}): boolean =>
  Object.hasOwn(tags, drillTags.drill) ||
  (identifier.startsWith(drillPrefix) && /-[0-9a-f]{8}$/.test(identifier));
