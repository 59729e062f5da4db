import { exampleFacts } from '../../../local/documents/rewind-example.ts';
import type { Message } from '../../../shared/messages/message.ts';
import { describeRewind } from '../../../shared/messages/rewind.ts';
import { describeReadiness } from '../../../shared/monitors/readiness-message.ts';
import { checkReadiness } from '../../../shared/rewind/preflight.ts';
import { makeFacts } from '../rewind/facts-fixture.ts';
import {
  blockedRewind,
  failedRewind,
  laterRewind,
  makeRewind,
  readyRewind,
} from '../rewind/rewind-fixture.ts';

const place = 's3://reports/shop/2026-11-19/4d5e6f7a/report.html';
const now = '2026-11-20T12:05:00Z';
const watch = (facts: Parameters<typeof checkReadiness>[0]): Message =>
  describeReadiness('shop', checkReadiness(facts, { to: null, now }), now);

/** Every message about a rewind, done or possible, by the name of its snapshot. */
export const rewindMessages: Record<string, Message> = {
  'rewind-ready': describeRewind(readyRewind(), place),
  'rewind-blocked': describeRewind(blockedRewind(), place),
  'rewind-done': describeRewind(makeRewind(), place),
  'rewind-other-time': describeRewind(laterRewind(), place),
  'rewind-failed': describeRewind(failedRewind(), place),
  'backtrack-not-ready': watch(makeFacts({ source: { globalCluster: 'world', status: 'stopped' } })),
  'backtrack-ready': watch(exampleFacts),
};
