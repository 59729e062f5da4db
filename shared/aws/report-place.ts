import { type PlaceOf, planFolder } from '../report/place.ts';
import { readSetting } from './environment.ts';

/** In the report bucket. @throws DrillError SettingMissing */
export const placeInBucket: PlaceOf = (outcome) =>
  `s3://${readSetting('REPORT_BUCKET')}/${planFolder(outcome)}/report.html`;
