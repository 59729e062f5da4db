import { planFolder } from '../report/place.ts';
import type { RecoveryDocument } from './document.ts';

/** Where its files are in AWS, beside the drills of its plan. */
export const folderOfRecovery = ({
  id,
  plan,
  startedAt,
}: Pick<RecoveryDocument, 'id' | 'plan' | 'startedAt'>): string =>
  planFolder({ plan, startedAt, drillId: id });

/** Where the page of a recovery is, or will be, in words for people. */
export type PlaceOfRecovery = (recovery: RecoveryDocument) => string;
