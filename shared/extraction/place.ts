import { planFolder } from '../report/place.ts';
import type { ExtractDocument } from './document.ts';

/** Where its files are in AWS, beside the drills of its plan. */
export const folderOfExtract = ({
  id,
  plan,
  startedAt,
}: Pick<ExtractDocument, 'id' | 'plan' | 'startedAt'>): string =>
  planFolder({ plan, startedAt, drillId: id });

/** Where the page of an extract is, or will be, in words for people. */
export type PlaceOfExtract = (extract: ExtractDocument) => string;
