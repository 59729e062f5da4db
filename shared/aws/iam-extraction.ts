import type { Extraction } from '../copying/port.ts';
import { postgresExtraction } from '../copying/postgres/extraction.ts';
import { iamSignIn } from './iam-database.ts';

/** Aurora on both sides. */
export const iamExtraction = (): Extraction => postgresExtraction({ copy: iamSignIn, sandbox: iamSignIn });
