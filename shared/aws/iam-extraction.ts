import { joinExtractions } from '../copying/engines.ts';
import { mysqlExtraction } from '../copying/mysql/extraction.ts';
import type { Extraction } from '../copying/port.ts';
import { postgresExtraction } from '../copying/postgres/extraction.ts';
import { iamSignIn } from './iam-database.ts';

/** Aurora on both sides. */
export const iamExtraction = (): Extraction => {
  const signIns = { copy: iamSignIn, sandbox: iamSignIn };
  return joinExtractions({ postgres: postgresExtraction(signIns), mysql: mysqlExtraction(signIns) });
};
