import type { Backtracking } from '../../../shared/aurora/backtracks.ts';
import type { RewindFacts, RewindSource } from '../../../shared/rewind/facts.ts';

export const now = '2026-11-19T03:00:00Z';
/** Ten minutes ago. */
export const to = '2026-11-19T02:50:00Z';

export const readySource: RewindSource = {
  identifier: 'shop',
  resourceId: 'cluster-SHOP',
  engine: 'aurora-mysql',
  engineVersion: '8.0.mysql_aurora.3.08.0',
  engineMode: 'provisioned',
  status: 'available',
  createdAt: '2026-01-05T09:00:00Z',
  backtrack: { targetSeconds: 86_400, earliestTime: '2026-11-18T03:00:00Z' },
  isServerlessV2: false,
  globalCluster: null,
  replicatesFrom: null,
  replicas: [],
};

/** A cluster that can be rewound, with changes. */
export const makeFacts = ({
  source = {},
  ...changes
}: Partial<Omit<RewindFacts, 'source'>> & { source?: Partial<RewindSource> } = {}): RewindFacts => ({
  source: { ...readySource, ...source },
  backtracks: { value: [] },
  upgrades: { value: [] },
  blueGreens: { value: [] },
  binlog: { value: { isOn: false, seenBy: 'server', consumers: [] } },
  activity: { value: { writesPerSecond: 0, connections: 3 } },
  ...changes,
});

export const makeBacktracking = (changes: Partial<Backtracking> = {}): Backtracking => ({
  identifier: 'bt-1',
  to: '2026-11-19T02:30:00Z',
  from: '2026-11-19T02:55:00Z',
  requestedAt: '2026-11-19T02:55:00Z',
  status: 'completed',
  ...changes,
});
