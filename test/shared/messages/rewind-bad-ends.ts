import { stoppedExample } from '../../../local/documents/rewind-example.ts';
import type { Message } from '../../../shared/messages/message.ts';
import { type BadRewind, describeBadRewind } from '../../../shared/messages/rewind-bad-end.ts';
import type { Traces } from '../../../shared/rewind/traces.ts';

/** A minute after production was asked. */
export const at = '2026-11-19T03:15:00Z';

/** The example, with other traces. */
export const makeBadRewind = (traces: Partial<Traces> = {}, changes: Partial<BadRewind> = {}): BadRewind => ({
  ...stoppedExample,
  ...changes,
  traces: { ...stoppedExample.traces, status: 'available', ...traces },
});

const { rewind } = stoppedExample.traces;
const asked = 'unread' in rewind ? null : rewind.asked;
/** As RDS may list it. */
export const listedAs = (status: string, changes: object = {}): Traces['rewind'] => ({
  asked: asked && { ...asked, status, ...changes },
  later: null,
});
export const unlisted: Traces['rewind'] = { asked: null, later: null };

/** A message for each thing that may have become of production, by the name of its snapshot. */
export const badRewindMessages: Record<string, Message> = {
  'rewind-stopped-running': describeBadRewind(stoppedExample, at),
  'rewind-stopped-rewound': describeBadRewind(makeBadRewind({ rewind: listedAs('completed') }), at),
  'rewind-stopped-failed': describeBadRewind(makeBadRewind({ rewind: listedAs('failed') }), at),
  'rewind-stopped-unlisted': describeBadRewind(makeBadRewind({ rewind: unlisted }), at),
  'rewind-stopped-unasked': describeBadRewind(makeBadRewind({ clone: null, rewind: unlisted }), at),
  'rewind-stopped-unknown': describeBadRewind(
    makeBadRewind({
      clone: { unread: 'list the clusters: Throttling' },
      status: null,
      rewind: { unread: 'list the rewinds of shop: Throttling' },
    }),
    at,
  ),
};
