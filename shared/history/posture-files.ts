import {
  formatPosture,
  type PostureDocument,
  parsePosture,
  postureKey,
  posturePageKey,
} from '../posture/document.ts';
import { renderPosture } from '../posture/page/page.ts';
import type { Reports } from './reports.ts';

/** The last document, null before the first run, and the versions of the files. */
export type LastPosture = {
  document: PostureDocument | null;
  version: string | null;
  pageVersion: string | null;
};

/** @param nameOf what messages call a key. @throws DrillError as Reports does */
export const readLastPosture = async (
  reports: Pick<Reports, 'read' | 'findVersion'>,
  nameOf: (key: string) => string,
): Promise<LastPosture> => {
  const pageVersion = await reports.findVersion(posturePageKey);
  const file = await reports.read(postureKey);
  return {
    document: file === null ? null : parsePosture(file.text, nameOf(postureKey)),
    version: file?.version ?? null,
    pageVersion,
  };
};

/** The page first: what posture.json has counts as told. A run at the same time that was faster keeps its own. */
export const writePosture = async (
  reports: Pick<Reports, 'replace'>,
  document: PostureDocument,
  { version, pageVersion }: LastPosture,
): Promise<void> => {
  await reports.replace(posturePageKey, renderPosture(document), pageVersion);
  await reports.replace(postureKey, formatPosture(document), version);
};
