import { expect, test } from 'vitest';
import { decideRewind } from '../../../shared/rewinding/decision.ts';
import { makeMysql } from '../../functions/monitors/backtrack-world.ts';

const waiting = {
  since: '2026-11-19T03:00:00Z',
  deadline: '2026-11-19T05:00:00Z',
  now: '2026-11-19T03:02:01Z',
};

test.each([
  ['available', { status: 'failed', error: 'RewindFailed' }],
  ['backtracking', { status: 'pending' }],
])('not listed after two minutes, and the cluster is %s', (status, expected) => {
  const cluster = makeMysql(24, { status });
  const seen = { backtrack: undefined, cluster, lost: 'Throttled', to: '2026-11-19T02:50:00Z' };
  expect(decideRewind(seen, waiting)).toMatchObject(expected);
});
