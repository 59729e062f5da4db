import { planFolder } from '../report/place.ts';
import type { RehearsalDocument } from './document.ts';

/** Where its files are in AWS, beside the drills of its plan. */
export const folderOfRehearsal = ({
  id,
  plan,
  startedAt,
}: Pick<RehearsalDocument, 'id' | 'plan' | 'startedAt'>): string =>
  planFolder({ plan, startedAt, drillId: id });

/** Where the page of a rehearsal is, or will be, in words for people. */
export type PlaceOfRehearsal = (rehearsal: RehearsalDocument) => string;
