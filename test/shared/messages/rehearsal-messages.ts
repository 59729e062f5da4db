import { nameFailure } from '../../../shared/job/failure.ts';
import type { Message } from '../../../shared/messages/message.ts';
import { describeRehearsal } from '../../../shared/messages/rehearsal.ts';
import { makeRehearsal, nothingRun, safeRehearsal } from '../rehearsal/rehearsal-fixture.ts';

const place = 's3://reports/shop/2026-11-19/7a8b9c0d/report.html';
const refused = nameFailure(
  'PrepareRehearsal',
  'ChangeRefused',
  'line 3: users and grants, seen "grant a to b"',
);

/** Every message about a rehearsal, by the name of its snapshot. */
export const rehearsalMessages: Record<string, Message> = {
  'rehearsal-safe': describeRehearsal(safeRehearsal, place),
  'rehearsal-unsafe': describeRehearsal(makeRehearsal(), place),
  'rehearsal-failed': describeRehearsal(makeRehearsal({ ...nothingRun, failures: [refused] }), place),
  'rehearsal-checked': describeRehearsal(makeRehearsal({ ...nothingRun, dryRun: true }), place),
};
