import type { PostureRule } from '../plan/posture.ts';
import { countFindings, indexVerdicts, keyOf, listFailing, type PostureDocument } from './document.ts';
import type { Finding, PostureVerdict } from './finding.ts';

/**
 * `mended`: failed when it could last be read, and fails no more. `other`: one more verdict that changed, of which nobody
 * needs to hear. `from`: null where nobody had asked.
 */
export type FindingChange = {
  kind: 'fails' | 'mended' | 'unreadable' | 'other';
  cluster: string;
  rule: PostureRule;
  from: PostureVerdict | null;
  /** As it is now. */
  finding: Finding;
};

/** `unlisted`: could be listed before, or was never seen. `failed`: how many of its findings did when it went. */
export type ClusterChange =
  | { kind: 'new'; cluster: string }
  | { kind: 'gone'; cluster: string; failed: number }
  | { kind: 'unlisted'; cluster: string; reason: string };

export type Change = FindingChange | ClusterChange;

/**
 * What this run found that the last one had not: the worst clusters first. Where every verdict is the same, nothing changed,
 * whatever was seen. Nothing is new in a first run, though what fails in it fails since now.
 */
export const listChanges = (before: PostureDocument | null, now: PostureDocument): Change[] => [
  ...listFindingChanges(before, now),
  ...listClusterChanges(before, now),
];

const listFindingChanges = (before: PostureDocument | null, now: PostureDocument): FindingChange[] => {
  const verdicts = before === null ? new Map<string, PostureVerdict>() : indexVerdicts(before);
  const failed = new Set(before === null ? [] : listFailing(before).map(keyOf));
  const unlisted = new Set(before?.unreadable.map(({ cluster }) => cluster));
  return now.clusters.flatMap(({ cluster, findings }) =>
    findings.flatMap((finding) => {
      const key = keyOf({ cluster, rule: finding.rule });
      // People were told of the whole cluster that it could not be read.
      const from = verdicts.get(key) ?? (unlisted.has(cluster) ? 'unreadable' : null);
      const kind = kindOf(from, finding.verdict, failed.has(key));
      return kind === null ? [] : [{ kind, cluster, rule: finding.rule, from, finding }];
    }),
  );
};

const kindOf = (
  from: PostureVerdict | null,
  to: PostureVerdict,
  hadFailed: boolean,
): FindingChange['kind'] | null => {
  if (from === to) return null;
  if (to === 'unreadable') return 'unreadable';
  if (hadFailed !== (to === 'fail')) return hadFailed ? 'mended' : 'fails';
  return from === null ? null : 'other';
};

const listClusterChanges = (before: PostureDocument | null, now: PostureDocument): ClusterChange[] => {
  const listed = namesOf(now);
  const known = before === null ? listed : namesOf(before);
  const failing = before === null ? [] : listFailing(before);
  const unlistedBefore = new Set(before?.unreadable.map(({ cluster }) => cluster));
  return [
    ...now.unreadable
      .filter(({ cluster }) => !unlistedBefore.has(cluster))
      .map(({ cluster, reason }) => ({ kind: 'unlisted' as const, cluster, reason })),
    ...except(listed, known).map((cluster) => ({ kind: 'new' as const, cluster })),
    ...except(known, listed).map((cluster) => ({
      kind: 'gone' as const,
      cluster,
      failed: failing.filter((place) => place.cluster === cluster).length,
    })),
  ];
};

const namesOf = ({ clusters, unreadable }: PostureDocument): Set<string> =>
  new Set([...clusters, ...unreadable].map(({ cluster }) => cluster));

const except = (names: ReadonlySet<string>, others: ReadonlySet<string>): string[] =>
  [...names].filter((name) => !others.has(name));

/** Is there anything that somebody has to do, or that nobody knows? */
export const isOpen = (document: PostureDocument): boolean =>
  listFailing(document).length > 0 ||
  document.unreadable.length > 0 ||
  document.clusters.some((cluster) => countFindings(cluster, 'unreadable') > 0);

/** Something fails that did not, or no longer, or cannot be read any more; or the last of what was open is over. */
export const isWorthTelling = (
  changes: readonly Change[],
  before: PostureDocument | null,
  now: PostureDocument,
): boolean => changes.some(isNews) || (before !== null && isOpen(before) && !isOpen(now));

/** Clusters of which something cannot be read that could be, or that nobody had tried to read. */
export const listNewlyUnread = (changes: readonly Change[]): Set<string> =>
  new Set(
    changes.filter(({ kind }) => kind === 'unreadable' || kind === 'unlisted').map(({ cluster }) => cluster),
  );

const isNews = (change: Change): boolean => {
  switch (change.kind) {
    case 'fails':
    case 'mended':
    case 'unreadable':
    case 'unlisted':
      return true;
    case 'gone':
      return change.failed > 0;
    case 'new':
    case 'other':
      return false;
  }
};
