import { nameFailure } from '../../../shared/job/failure.ts';
import { describeExtract } from '../../../shared/messages/extract.ts';
import type { Message } from '../../../shared/messages/message.ts';
import { halfExtracted, makeExtract, nothingExtracted } from '../extraction/extract-fixture.ts';

const place = 's3://reports/shop/2026-11-20/3c4d5e6f/report.html';
const failures = [nameFailure('CopyTables', 'DatabaseFailure', 'public.orders: no space left (53100)')];

/** Every message about an extract, by the name of its snapshot. */
export const extractMessages: Record<string, Message> = {
  'extract-done': describeExtract(makeExtract(), place),
  'extract-failed': describeExtract(makeExtract({ ...halfExtracted, failures }), place),
  'extract-checked': describeExtract(makeExtract({ ...nothingExtracted, dryRun: true }), place),
};
