import { describe, expect, test } from 'vitest';
import type { RewindFacts } from '../../../shared/rewind/facts.ts';
import { checkReadiness } from '../../../shared/rewind/preflight.ts';
import { isUnsure, listObstacles, type Readiness } from '../../../shared/rewind/readiness.ts';
import { makeBacktracking, makeFacts, now, to } from './facts-fixture.ts';

const notAsked = { unknown: 'the server was not asked' };
const denied = { unknown: 'AccessDenied' };
const blueGreen = { identifier: 'bgd-1', source: 'shop', target: null, status: 'PROVISIONING' };
const binlog = (isOn: boolean, seenBy: 'server' | 'parameter group', consumers: string[] | null) => ({
  value: { isOn, seenBy, consumers },
});
const upgrade = (at: string) => ({ value: [{ at, message: 'Database cluster has been patched' }] });
const windowFrom = (earliestTime: string | null) => ({ backtrack: { targetSeconds: 86_400, earliestTime } });

type Row = [title: string, facts: RewindFacts, verdict: Readiness['verdict'], sentence: string, to?: string];

const timed: Row[] = [
  ['all is well', makeFacts(), 'ready', 'no rewind took that time back'],
  [
    'PostgreSQL',
    makeFacts({ source: { engine: 'aurora-postgresql', backtrack: null } }),
    'off',
    'shop is aurora-postgresql: only Aurora MySQL has Backtrack',
  ],
  [
    'Backtrack is off',
    makeFacts({ source: { backtrack: null } }),
    'off',
    'Backtrack is off for shop: only a cluster that is created, or restored from a snapshot, with it can have it',
  ],
  [
    'Serverless v1',
    makeFacts({ source: { engineMode: 'serverless' } }),
    'off',
    'shop runs in the mode serverless, which has no Backtrack',
  ],
  [
    'the mode is not told',
    makeFacts({ source: { engineMode: null } }),
    'blocked',
    'RDS does not say in which mode shop runs',
  ],
  [
    'Serverless v2 with change records',
    makeFacts({ source: { isServerlessV2: true } }),
    'ready',
    'shop is Aurora MySQL 8.0.mysql_aurora.3.08.0, with Serverless v2: AWS says in one place that Backtrack works with it, and in another that it does not',
  ],
  [
    'no earliest time yet',
    makeFacts({ source: windowFrom(null) }),
    'blocked',
    'RDS does not say how far back shop can go',
  ],
  [
    'a window below its target',
    makeFacts({ source: windowFrom('2026-11-19T00:00:00Z') }),
    'ready',
    'shop can go back to 2026-11-19 00:00:00 UTC, 3 h of 24 h',
  ],
  [
    'before the window',
    makeFacts({ source: windowFrom('2026-11-19T02:50:01Z') }),
    'blocked',
    '2026-11-19 02:50:00 UTC is out of reach: shop can go back to 2026-11-19 02:50:01 UTC',
  ],
  [
    '119 s inside the window',
    makeFacts({ source: windowFrom('2026-11-19T02:48:01Z') }),
    'blocked',
    '2026-11-19 02:50:00 UTC is too near the end of the window, 2026-11-19 02:48:01 UTC, which moves on',
  ],
  [
    '120 s inside the window',
    makeFacts({ source: windowFrom('2026-11-19T02:48:00Z') }),
    'ready',
    '2026-11-19 02:50:00 UTC is inside the window, with two minutes to spare',
  ],
  ['now', makeFacts(), 'blocked', '2026-11-19 03:00:00 UTC is not past: it is 2026-11-19 03:00:00 UTC', now],
  [
    'in the future',
    makeFacts(),
    'blocked',
    '2026-11-19 04:00:00 UTC is not past: it is 2026-11-19 03:00:00 UTC',
    '2026-11-19T04:00:00Z',
  ],
  [
    'a backup goes on',
    makeFacts({ source: { status: 'backing-up' } }),
    'blocked',
    'shop is backing-up, and a rewind needs it available',
  ],
  [
    'stopped',
    makeFacts({ source: { status: 'stopped' } }),
    'blocked',
    'shop is stopped, and a rewind needs it available',
  ],
  [
    'a status that nobody knows',
    makeFacts({ source: { status: 'pondering' } }),
    'blocked',
    'shop has the status "pondering", which is unknown to this tool',
  ],
  [
    'a rewind is pending',
    makeFacts({ backtracks: { value: [makeBacktracking({ status: 'pending' })] } }),
    'blocked',
    'the rewind bt-1, asked for at 2026-11-19 02:55:00 UTC, is pending: wait for its end',
  ],
  [
    'a rewind is applied',
    makeFacts({ backtracks: { value: [makeBacktracking({ status: 'applying' })] } }),
    'blocked',
    'the rewind bt-1, asked for at 2026-11-19 02:55:00 UTC, is applying: wait for its end',
  ],
  [
    'a rewind has a status that nobody knows',
    makeFacts({ backtracks: { value: [makeBacktracking({ status: 'rolling-back' })] } }),
    'blocked',
    'the rewind bt-1, asked for at 2026-11-19 02:55:00 UTC, is rolling-back: wait for its end',
  ],
  [
    'a rewind failed',
    makeFacts({ backtracks: { value: [makeBacktracking({ status: 'failed' })] } }),
    'ready',
    'no rewind of shop goes on',
  ],
  [
    'the rewinds cannot be listed',
    makeFacts({ backtracks: denied }),
    'blocked',
    'whether a rewind goes on is not known: AccessDenied',
  ],
  [
    'created since',
    makeFacts({ source: { createdAt: to } }),
    'blocked',
    'shop was created, restored or cloned at 2026-11-19 02:50:00 UTC: nothing from before can be reached',
  ],
  [
    'created at nobody knows when',
    makeFacts({ source: { createdAt: null } }),
    'blocked',
    'RDS does not say when shop was created',
  ],
  [
    'upgraded since',
    makeFacts({ upgrades: upgrade('2026-11-19T02:50:00Z') }),
    'blocked',
    'shop was upgraded in place at 2026-11-19 02:50:00 UTC: nothing from before can be reached',
  ],
  [
    'upgraded before',
    makeFacts({ upgrades: upgrade('2026-11-19T02:49:59Z') }),
    'ready',
    'shop was not upgraded since',
  ],
  [
    'the events cannot be listed',
    makeFacts({ upgrades: denied }),
    'blocked',
    'whether shop was upgraded since is not known: AccessDenied',
  ],
  [
    'in a Global Database',
    makeFacts({ source: { globalCluster: 'world' } }),
    'blocked',
    'shop is in the Global Database world, which cannot be rewound',
  ],
  [
    'a replica itself',
    makeFacts({ source: { replicatesFrom: 'arn:other' } }),
    'blocked',
    'shop replicates from arn:other, which a rewind would break',
  ],
  [
    'has replicas',
    makeFacts({ source: { replicas: ['a', 'b', 'c', 'd'] } }),
    'blocked',
    'a, b, c and 1 more replicates from shop, which a rewind would break',
  ],
  [
    'in a Blue/Green deployment',
    makeFacts({ blueGreens: { value: [blueGreen] } }),
    'blocked',
    'shop is in the Blue/Green deployment bgd-1 (PROVISIONING), which a rewind would break',
  ],
  [
    'Blue/Green deployments cannot be listed',
    makeFacts({ blueGreens: denied }),
    'blocked',
    'whether shop is in a Blue/Green deployment is not known: AccessDenied',
  ],
  [
    'a binary log, and who reads it',
    makeFacts({ binlog: binlog(true, 'server', ['debezium at 10.0.0.7']) }),
    'blocked',
    'shop writes a binary log, which debezium at 10.0.0.7 reads: a rewind is not written into it, so whoever reads it silently goes astray',
  ],
  [
    'a binary log that nobody reads',
    makeFacts({ binlog: binlog(true, 'server', []) }),
    'blocked',
    'shop writes a binary log, which nobody reads just now: a rewind is not written into it, so whoever reads it silently goes astray',
  ],
  [
    'no binary log as the parameter group has it, the server not asked',
    makeFacts({ binlog: binlog(false, 'parameter group', null) }),
    'blocked',
    'whether shop writes a binary log is not known: the server was not asked',
  ],
  [
    'the server was not asked at all',
    makeFacts({ binlog: notAsked, activity: notAsked }),
    'blocked',
    'who writes to shop is not known: the server was not asked',
  ],
  [
    'a time that a rewind took back, nothing written',
    makeFacts({ backtracks: { value: [makeBacktracking()] } }),
    'ready',
    'the rewind asked for at 2026-11-19 02:55:00 UTC took that time back: it can be reached only if nothing was written since',
  ],
  [
    'a time that a rewind took back, while somebody writes',
    makeFacts({
      backtracks: { value: [makeBacktracking()] },
      activity: { value: { writesPerSecond: 0.2, connections: 3 } },
    }),
    'blocked',
    'the rewind asked for at 2026-11-19 02:55:00 UTC took that time back, and the cluster is written to: it can be reached only while nothing was written since',
  ],
  [
    'a time before that to which it was rewound, while somebody writes',
    makeFacts({
      backtracks: { value: [makeBacktracking({ to: '2026-11-19T02:51:00Z' })] },
      activity: { value: { writesPerSecond: 1234, connections: 1 } },
    }),
    'ready',
    'in the last minute 1,234 rows a second was written to shop, over 1 connection',
  ],
];

describe('before a rewind', () => {
  test.each(timed)('%s', (_, facts, verdict, sentence, asked = to) => {
    const readiness = checkReadiness(facts, { to: asked, now });
    expect(readiness.facts.map((fact) => fact.sentence)).toContain(sentence);
    expect(readiness.verdict).toBe(verdict);
    expect(listObstacles(readiness).length === 0).toBe(verdict === 'ready');
  });

  test('every fact is told, whatever the others say', () => {
    const { facts } = checkReadiness(makeFacts({ source: { status: 'stopped', globalCluster: 'world' } }), {
      to,
      now,
    });
    expect(facts.map(({ name }) => name)).toEqual([
      'engine',
      'Backtrack',
      'Region',
      'window',
      'status',
      'pending rewind',
      'Global Database',
      'replicas',
      'Blue/Green',
      'binary log',
      'time',
      'creation',
      'upgrade',
      'line of time',
      'writes',
    ]);
  });
});

describe('watched, to no certain time', () => {
  const watch = (facts: RewindFacts) => checkReadiness(facts, { to: null, now });

  const watched: Row[] = [
    [
      'a backup goes on',
      makeFacts({ source: { status: 'backing-up' } }),
      'ready',
      'shop is backing-up, which passes',
    ],
    [
      'a rewind goes on',
      makeFacts({ backtracks: { value: [makeBacktracking({ status: 'applying' })] } }),
      'ready',
      'the rewind bt-1, asked for at 2026-11-19 02:55:00 UTC, is applying, which passes',
    ],
    [
      'no binary log as the parameter group has it',
      makeFacts({ binlog: binlog(false, 'parameter group', null), activity: notAsked }),
      'ready',
      'shop writes no binary log, as its parameter group has it; the server was not asked',
    ],
    [
      'a binary log as the parameter group has it',
      makeFacts({ binlog: binlog(true, 'parameter group', null) }),
      'blocked',
      'shop writes a binary log, and who reads it is not known: a rewind is not written into it, so whoever reads it silently goes astray',
    ],
    [
      'stopped',
      makeFacts({ source: { status: 'stopped' } }),
      'blocked',
      'shop is stopped, and a rewind needs it available',
    ],
    ['just upgraded', makeFacts({ upgrades: upgrade(now) }), 'ready', 'no rewind of shop goes on'],
  ];
  test.each(watched)('%s', (_, facts, verdict, sentence) => {
    const readiness = watch(facts);
    expect(readiness.facts.map((fact) => fact.sentence)).toContain(sentence);
    expect(readiness.verdict).toBe(verdict);
  });

  test('something is not known, and nothing forbids it: unsure, and no longer once something does', () => {
    const unsure = { blueGreens: denied };
    expect(isUnsure(watch(makeFacts(unsure)))).toBe(true);
    expect(isUnsure(watch(makeFacts({ ...unsure, source: { status: 'stopped' } })))).toBe(false);
    expect(isUnsure(watch(makeFacts()))).toBe(false);
  });
});
