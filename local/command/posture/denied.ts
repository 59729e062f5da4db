import type { PostureDocument } from '../../../shared/posture/document.ts';

/** The action that AWS denied, as its refusal names it: "... is not authorized to perform: rds:DescribeDBInstances on ...". */
const findDenied = (text: string): string | null =>
  /not authorized to perform: (rds:\w+)/.exec(text)?.[1] ?? null;

/** Those that kept rules of this document from being judged. */
export const listDenied = ({ clusters, unreadable }: PostureDocument): string[] => {
  const reasons = [
    ...clusters.flatMap(({ findings }) => findings.map(({ why }) => why ?? '')),
    ...unreadable.map(({ reason }) => reason),
  ];
  return [...new Set(reasons.map(findDenied))].filter((action) => action !== null).sort();
};
