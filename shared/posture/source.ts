import { type Known, know } from '../known.ts';
import { type ClusterPosture, type PostureDocument, parsePosture, postureKey } from './document.ts';

/** What the last look at all clusters has found of one. Instants: ISO 8601. */
export type SourcePosture = { checkedAt: string } & ClusterPosture;

/** @param text of posture.json */
export const findPosture = async (text: string, source: string): Promise<Known<SourcePosture>> => {
  const read = await know(async () => parsePosture(text));
  return 'unknown' in read ? read : findIn(read.value, source);
};

const findIn = (
  { checkedAt, clusters, unreadable }: PostureDocument,
  source: string,
): Known<SourcePosture> => {
  // RDS ignores the case of identifiers, and a plan may have any.
  const isSource = ({ cluster }: { cluster: string }) => cluster.toLowerCase() === source.toLowerCase();
  const found = clusters.find(isSource);
  if (found !== undefined) return { value: { checkedAt, ...found } };
  const reason = unreadable.find(isSource)?.reason;
  const why = reason === undefined ? 'it is not among the clusters that are looked at' : reason;
  return { unknown: `${postureKey} of ${checkedAt} tells nothing of ${source}: ${why}` };
};
