import type {
  Blocked,
  ChangeMeasured,
  StatementMeasured,
  TableMeasured,
} from '../../../shared/rehearsal/measured.ts';

export const limits = {
  blockedReadMs: 500,
  blockedWriteMs: 1000,
  durationSeconds: 600,
  rewrites: 'never',
} as const;

export const blocked = (longestMs: number): Blocked => ({
  longestMs,
  stretches: longestMs === 0 ? [] : [{ fromMs: 0, toMs: longestMs }],
});

/** A table that felt nothing, with what is given in its place. */
export const makeTable = (more: Partial<TableMeasured> = {}): TableMeasured => ({
  table: 'public.users',
  blockedRead: blocked(0),
  blockedWrite: blocked(0),
  queuedMs: 0,
  isRewritten: false,
  rowsScanned: 0,
  growthBytes: 0,
  indexGrowthBytes: 0,
  ...more,
});

/** A statement of 10 ms that touches one table and locks nothing. */
export const makeStatement = (more: Partial<StatementMeasured> = {}): StatementMeasured => ({
  number: 1,
  line: 1,
  sql: 'alter table users add column locale text',
  fromMs: 0,
  toMs: 10,
  isInTransaction: false,
  lockWaitMs: 0,
  locks: [],
  tables: [makeTable()],
  logBytes: 2048,
  leftInvalid: [],
  algorithm: null,
  error: null,
  lockTimeouts: 0,
  isCancelled: false,
  notMeasured: [],
  ...more,
});

export const accessExclusive = {
  relation: 'public.users',
  mode: 'AccessExclusiveLock',
  fromMs: 0,
  toMs: 10,
};

export const makeChange = (
  statements: Partial<StatementMeasured>[],
  more: Partial<ChangeMeasured> = {},
): ChangeMeasured => ({
  engine: 'aurora-postgresql',
  serverVersion: '16.4',
  statements: statements.map((statement, index) => makeStatement({ number: index + 1, ...statement })),
  contender: { seconds: 2, tables: ['public.users'] },
  lockTimeoutMs: null,
  isFinished: true,
  ...more,
});
