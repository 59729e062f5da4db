import type { Cluster } from '../aurora/port.ts';
import type { KeptSettings } from '../aurora/settings.ts';
import { drillTags } from '../job/names.ts';
import { maxTags } from '../job/tag-values.ts';
import { recoveredTags } from './names.ts';

/** What the request that makes the recovered cluster asks for, beyond what every copy gets. */
export const keptSettingsOf = ({ settings, backtrack }: Cluster): KeptSettings => ({
  retentionDays: settings?.retentionDays ?? null,
  backupWindow: settings?.backupWindow ?? null,
  kmsKey: settings?.kmsKey ?? null,
  logExports: settings?.logExports ?? null,
  hasIamSignIn: settings?.hasIamSignIn ?? null,
  copiesTagsToSnapshots: settings?.copiesTagsToSnapshots ?? null,
  backtrackSeconds: backtrack?.targetSeconds ?? null,
});

/** AWS keeps some tags to itself. Those of a drill would make the cluster look like one that may be deleted. */
const isOurs = (key: string): boolean =>
  key.toLowerCase().startsWith('aws:') ||
  Object.values<string>(drillTags).includes(key) ||
  Object.values<string>(recoveredTags).includes(key);

/** The tags of a cluster that belong to whoever made it, not to AWS or to a job. */
export const listOwnTags = (tags: Record<string, string>): [key: string, value: string][] =>
  Object.entries(tags).filter(([key]) => !isOurs(key));

/**
 * The tags of a recovered cluster: those of its source, of the plan, and of the recovery, which count most. RDS takes 50;
 * what is left of the source's is in the table of settings, to do.
 */
export const keepTags = (
  source: Record<string, string>,
  planned: Record<string, string>,
  recovery: Record<string, string>,
): Record<string, string> => {
  const wanted = { ...planned, ...recovery };
  const others = listOwnTags(source).filter(([key]) => !Object.hasOwn(wanted, key));
  return { ...Object.fromEntries(others.slice(0, maxTags - Object.keys(wanted).length)), ...wanted };
};
