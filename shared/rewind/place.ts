import { planFolder } from '../report/place.ts';
import type { RewindDocument } from './document.ts';

/** Where its files are in AWS, beside the drills of its plan. */
export const folderOfRewind = ({
  id,
  plan,
  startedAt,
}: Pick<RewindDocument, 'id' | 'plan' | 'startedAt'>): string => planFolder({ plan, startedAt, drillId: id });

/** Where the page of a rewind is, or will be, in words for people. */
export type PlaceOfRewind = (rewind: RewindDocument) => string;
