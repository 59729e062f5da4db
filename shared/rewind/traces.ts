import type { Backtracking } from '../aurora/backtracks.ts';
import { classifyBacktrackStatus } from '../aurora/statuses.ts';
import type { Standing } from '../recovery/standing.ts';

/** Why something could not be read. */
export type Unread = { unread: string };

/** What is seen of a rewind whose execution ended before it could tell. */
export type Traces = {
  /** The clone of what production was; null if none is seen. */
  clone: Standing | null | Unread;
  /** Of production, in RDS's words; null if not known. */
  status: string | null;
  /** `asked`: the rewind that the code has brought about. `later`: one that somebody asked for after it. */
  rewind: { asked: Backtracking | null; later: Backtracking | null } | Unread;
};

/**
 * What became of production. `unlisted`: RDS lists no such rewind, and one may have been asked for just before the end.
 * `unasked`: that comes after the clone, and there is none.
 */
export type Fate = 'running' | 'rewound' | 'failed' | 'unlisted' | 'unasked' | 'unknown';

const fates = { pending: 'running', ready: 'rewound', failed: 'failed' } as const;

export const judgeTraces = ({ clone, status, rewind }: Traces): Fate => {
  const asked = 'unread' in rewind ? null : rewind.asked;
  if (asked !== null) return fates[classifyBacktrackStatus(asked.status).readiness];
  if (status === 'backtracking') return 'running';
  if ('unread' in rewind) return 'unknown';
  return clone === null ? 'unasked' : 'unlisted';
};
