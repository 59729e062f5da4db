import { folderOfExtract, type PlaceOfExtract } from '../extraction/place.ts';
import { folderOfRecovery, type PlaceOfRecovery } from '../recovery/place.ts';
import { folderOfRehearsal, type PlaceOfRehearsal } from '../rehearsal/place.ts';
import { type PlaceOf, planFolder } from '../report/place.ts';
import { folderOfRewind, type PlaceOfRewind } from '../rewind/place.ts';
import { readSetting } from './environment.ts';

/** In the report bucket. @throws DrillError SettingMissing */
export const placeInBucket: PlaceOf = (outcome) => placeOfKey(`${planFolder(outcome)}/report.html`);

/** The same of a recovery. @throws DrillError SettingMissing */
export const placeRecoveryInBucket: PlaceOfRecovery = (recovery) =>
  placeOfKey(`${folderOfRecovery(recovery)}/report.html`);

/** The same of a rehearsal. @throws DrillError SettingMissing */
export const placeRehearsalInBucket: PlaceOfRehearsal = (rehearsal) =>
  placeOfKey(`${folderOfRehearsal(rehearsal)}/report.html`);

/** The same of an extract. @throws DrillError SettingMissing */
export const placeExtractInBucket: PlaceOfExtract = (extract) =>
  placeOfKey(`${folderOfExtract(extract)}/report.html`);

/** The same of a rewind. @throws DrillError SettingMissing */
export const placeRewindInBucket: PlaceOfRewind = (rewind) =>
  placeOfKey(`${folderOfRewind(rewind)}/report.html`);

/** @throws DrillError SettingMissing */
export const placeOfKey = (key: string): string => `s3://${readSetting('REPORT_BUCKET')}/${key}`;
