import { describe, expect, test } from 'vitest';
import { type Changes, findOutcome, makeFacts, makeMysqlFacts, makeParameters } from './facts-fixture.ts';

const day = 86_400;
const withBacktrack = (earliestTime: string | null, more: Changes['cluster'] = {}): Changes => ({
  cluster: { backtrack: { targetSeconds: day, earliestTime }, ...more },
});
const offOnServerless: Changes = { cluster: { backtrack: null, capacity: { min: 0.5, max: 8 } } };

describe('backtrack', () => {
  test.each([
    ['the whole window', withBacktrack('2026-11-15T08:00:00Z'), 'pass'],
    ['half of it', withBacktrack('2026-11-15T20:00:00Z'), 'fail'],
    [
      'half of it, since it is young',
      withBacktrack('2026-11-15T20:00:00Z', { createdAt: '2026-11-15T20:00:00Z' }),
      'pass',
    ],
    ['a minute less than it', withBacktrack('2026-11-15T08:01:00Z'), 'pass'],
    ['no earliest time', withBacktrack(null), 'unreadable'],
    ['off', { cluster: { backtrack: null } }, 'fail'],
    ['off, with Serverless v2, of which AWS says two things', offOnServerless, 'not-applicable'],
    [
      'on, with Serverless v2',
      withBacktrack('2026-11-15T08:00:00Z', { capacity: { min: 0.5, max: 8 } }),
      'pass',
    ],
    ['off, with Serverless v1', { cluster: { backtrack: null, engineMode: 'serverless' } }, 'not-applicable'],
    ['off, in a mode that is not told', { cluster: { backtrack: null, engineMode: null } }, 'unreadable'],
    [
      'off, in a Global Database',
      { cluster: { backtrack: null }, settings: { globalCluster: 'world' } },
      'not-applicable',
    ],
  ] satisfies [string, Changes, string][])('%s: %s', (_, changes, verdict) => {
    expect(findOutcome('backtrack', makeMysqlFacts(changes)).verdict).toBe(verdict);
  });

  test('PostgreSQL: not applicable', () => {
    expect(findOutcome('backtrack', makeFacts()).verdict).toBe('not-applicable');
  });

  test('off: nothing switches it on', () => {
    const { mend } = findOutcome('backtrack', makeMysqlFacts({ cluster: { backtrack: null } }));
    expect(mend).toEqual({
      command: null,
      note: 'Backtrack is off for app: only a cluster that is created, or restored from a snapshot, with it can have it: docs/backtrack.md says what to do instead',
    });
  });

  test('half of it: how much there is', () => {
    expect(findOutcome('backtrack', makeMysqlFacts(withBacktrack('2026-11-15T20:00:00Z')))).toMatchObject({
      expected: 'a window of 24 h, its target',
      seen: 'app reaches back 12 h of 24 h',
    });
  });
});

describe('backtrack-unblocked', () => {
  test.each([
    ['nothing in the way', {}, 'pass'],
    ['a binary log', { parameters: makeParameters({ binlog_format: 'ROW' }) }, 'fail'],
    [
      'a replica',
      {
        cluster: {
          backtrack: { targetSeconds: day, earliestTime: null },
          replication: { from: null, to: ['arn:b'] },
        },
      },
      'fail',
    ],
    [
      'a source that it replicates from',
      {
        cluster: {
          backtrack: { targetSeconds: day, earliestTime: null },
          replication: { from: 'arn:a', to: [] },
        },
      },
      'fail',
    ],
    [
      'a group without a binary log, and an instance that was not rebooted since',
      { cluster: { unrebooted: ['app-2'] } },
      'unreadable',
    ],
    ['parameters that could not be read', { parameters: { unknown: 'Throttled' } }, 'unreadable'],
    ['a group that does not tell', { parameters: makeParameters({}) }, 'unreadable'],
    ['no Backtrack', { cluster: { backtrack: null } }, 'not-applicable'],
    ['a Global Database', { settings: { globalCluster: 'world' } }, 'not-applicable'],
  ] satisfies [string, Changes, string][])('%s: %s', (_, changes, verdict) => {
    expect(findOutcome('backtrack-unblocked', makeMysqlFacts(changes)).verdict).toBe(verdict);
  });

  test('PostgreSQL: not applicable', () => {
    expect(findOutcome('backtrack-unblocked', makeFacts()).verdict).toBe('not-applicable');
  });
});
