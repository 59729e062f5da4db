import type { Cluster } from '../aurora/port.ts';
import { toTagValue } from '../job/tag-values.ts';

/** Public: the name of every cluster that is kept begins with this. No role that may delete reaches it. */
export const recoveredPrefix = 'recovered-';

/** Public: the tags on every kept cluster and its instances. */
export const recoveredTags = {
  source: 'aurora-recovered:source',
  execution: 'aurora-recovered:execution',
  restoreTo: 'aurora-recovered:restore-to',
} as const;

/** RDS: identifiers of clusters and instances have at most 63 characters. */
const maxIdentifierLength = 63;
const writerSuffix = '-writer';
const longestReaderSuffix = '-reader-15';

/**
 * `recovered-<source, shortened>-<yyyymmddhhmmss>`, and its writer: the same for the same source and time, so that two
 * people cannot recover the same thing twice. @param restoreTo ISO 8601, whole seconds
 */
export const recoveredNames = (source: string, restoreTo: string): { cluster: string; writer: string } => {
  const cluster = nameAt(recoveredPrefix, source, restoreTo, longestReaderSuffix.length);
  return { cluster, writer: `${cluster}${writerSuffix}` };
};

/** `<prefix><source, shortened>-<yyyymmddhhmmss>`, with room for a suffix. @param at ISO 8601 */
export const nameAt = (prefix: string, source: string, at: string, suffixLength: number): string => {
  const digits = at.replace(/\D/g, '').slice(0, 14);
  const room = maxIdentifierLength - prefix.length - 1 - digits.length - suffixLength;
  const shortened = source.toLowerCase().slice(0, room).replace(/-+$/, '');
  return `${prefix}${shortened}-${digits}`;
};

/** @param number 1 to 15 */
export const readerName = (cluster: string, number: number): string => `${cluster}-reader-${number}`;

/** What is recovered, to when (ISO 8601), and by which execution. */
export type Recovered = { source: string; restoreTo: string; execution: string };

export const recoveredTagsOf = ({ source, restoreTo, execution }: Recovered): Record<string, string> => ({
  [recoveredTags.source]: source,
  [recoveredTags.restoreTo]: restoreTo,
  [recoveredTags.execution]: toTagValue(execution),
});

/** A cluster of that name: made by this execution, by another start of the same recovery, or for something else. */
export type Owned = { whose: 'ours' | 'same-recovery' | 'foreign'; reason: string };

/** Whose the cluster is that has the name which this recovery gives. */
export const findOwner = ({ identifier, tags }: Cluster, recovered: Recovered): Owned => {
  const wanted = recoveredTagsOf(recovered);
  const seen = (key: string): string | undefined => (Object.hasOwn(tags, key) ? tags[key] : undefined);
  for (const key of [recoveredTags.source, recoveredTags.restoreTo]) {
    if (seen(key) === wanted[key]) continue;
    const reason = `${identifier} carries ${key}=${seen(key) ?? '(no such tag)'}, expected ${wanted[key]}`;
    return { whose: 'foreign', reason };
  }
  const execution = seen(recoveredTags.execution);
  return execution === wanted[recoveredTags.execution]
    ? { whose: 'ours', reason: `${identifier} was made by this execution` }
    : {
        whose: 'same-recovery',
        reason: `${identifier} is the same recovery, begun by ${execution ?? 'an execution that left no tag'}`,
      };
};
