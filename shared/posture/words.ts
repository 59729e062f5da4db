import { formatNumber } from '../result/format.ts';
import { countOf as countPlain } from '../words.ts';
import { countFindings, type PostureDocument } from './document.ts';
import type { PostureVerdict } from './finding.ts';

/** What a verdict is called where people read it. */
export const verdictWords: Record<PostureVerdict, string> = {
  fail: 'fails',
  unreadable: 'cannot be read',
  waived: 'waived',
  pass: 'passes',
  'not-applicable': 'does not apply',
};

export const countAll = ({ clusters }: PostureDocument, verdict: PostureVerdict): number =>
  clusters.reduce((sum, cluster) => sum + countFindings(cluster, verdict), 0);

const countWith = ({ clusters }: PostureDocument, verdict: PostureVerdict): number =>
  clusters.filter((cluster) => countFindings(cluster, verdict) > 0).length;

const countOf = (count: number, noun: string): string => countPlain(count, noun, formatNumber);

/** "5 findings fail, in 3 of 12 clusters", or that nothing does. */
export const describeStanding = (document: PostureDocument): string => {
  const [all, failing] = [document.clusters.length, countAll(document, 'fail')];
  if (failing > 0)
    return `${countOf(failing, 'finding')} ${failing === 1 ? 'fails' : 'fail'}, in ${formatNumber(countWith(document, 'fail'))} of ${countOf(all, 'cluster')}`;
  return all === 0 ? 'There is no cluster to look at' : `Nothing fails in ${countOf(all, 'cluster')}`;
};

/** What a reader must not take for a pass; null where there is nothing of it. */
export const describeUnknown = (document: PostureDocument): string | null => {
  const unread = countAll(document, 'unreadable');
  const parts = [
    ...(unread === 0
      ? []
      : [`${countOf(unread, 'finding')} of ${countOf(countWith(document, 'unreadable'), 'cluster')}`]),
    ...(document.unreadable.length === 0
      ? []
      : [`${countOf(document.unreadable.length, 'cluster')} as a whole`]),
  ];
  return parts.length === 0 ? null : `Not known, because it could not be read: ${parts.join(', and ')}.`;
};
