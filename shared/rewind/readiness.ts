/** One fact in a sentence. `isHeld`: it allows a rewind; null if it is not known. */
export type Fact = { name: FactName; isHeld: boolean | null; sentence: string };

export type FactName =
  | 'engine'
  | 'Backtrack'
  | 'Region'
  | 'window'
  | 'status'
  | 'pending rewind'
  | 'Global Database'
  | 'replicas'
  | 'Blue/Green'
  | 'binary log'
  | 'time'
  | 'creation'
  | 'upgrade'
  | 'line of time'
  | 'writes';

/** off: the cluster has no Backtrack. blocked: something forbids a rewind, or is not known. */
export type Readiness = { verdict: 'ready' | 'blocked' | 'off'; facts: Fact[] };

/**
 * When a cluster is asked about. `to`: the time to rewind to, ISO 8601; null to watch whether it could be rewound at all. Then
 * what passes by itself, such as a backup, blocks nothing, and the parameter group counts for the server.
 */
export type Question = { to: string | null; now: string };

/** A rewind to a certain time has these questions of its own. */
export type TimedQuestion = { to: string; now: string };

/** What forbids a rewind, and what is not known, each in a sentence. */
export const listObstacles = ({ facts }: Pick<Readiness, 'facts'>): string[] =>
  facts.filter(({ isHeld }) => isHeld !== true).map(({ sentence }) => sentence);

/** Nothing is known to forbid a rewind, but something that could is not known. */
export const isUnsure = ({ verdict, facts }: Readiness): boolean =>
  verdict === 'blocked' && facts.every(({ isHeld }) => isHeld !== false);

export const sayAs =
  (name: FactName) =>
  (isHeld: boolean | null, sentence: string): Fact => ({ name, isHeld, sentence });
