import { expect, test } from 'vitest';
import { formatHistory, parseHistory } from '../../../shared/history/document.ts';
import { fileRewind, fileSeenRewinds } from '../../../shared/history/filing.ts';
import { renderHistory } from '../../../shared/history/page.ts';
import { toRewindEntry } from '../../../shared/history/rewind-entry.ts';
import { addSeenRewinds } from '../../../shared/history/seen-rewinds.ts';
import { makeBacktracking } from '../rewind/facts-fixture.ts';
import { blockedRewind, makeRewind } from '../rewind/rewind-fixture.ts';
import { modelReports } from './reports-model.ts';

const options = { pause: async () => undefined };
const seen = (identifier: string, changes: object = {}) => ({
  ...makeBacktracking({ identifier }),
  cluster: 'shop',
  ...changes,
});

test('a rewind seen again and again: once, with its last status, the newest first', () => {
  const pending = seen('a', { status: 'pending', from: null });
  const later = seen('b', { requestedAt: '2026-11-19T04:00:00Z' });
  const first = addSeenRewinds([], [pending]);
  const both = addSeenRewinds(first, [seen('a'), later]);
  expect(both.map(({ identifier, status }) => [identifier, status])).toEqual([
    ['b', 'completed'],
    ['a', 'completed'],
  ]);
  expect(addSeenRewinds(both, [seen('a'), later])).toBe(both);
  expect(addSeenRewinds(both, [seen('a', { cluster: 'other' })])).toHaveLength(3);
});

test('filing: into the index and its page, and nothing is written where nothing is new', async () => {
  const reports = modelReports();
  const { files, calls } = reports;
  const file = fileSeenRewinds(reports, options);
  await file([]);
  expect(files.size).toBe(0);
  await file([seen('a')]);
  expect(parseHistory(files.get('index.json') ?? '').rewinds).toEqual([seen('a')]);
  expect(files.get('index.html')).toContain('Rewinds that RDS tells of');
  const before = calls.length;
  await file([seen('a')]);
  expect(calls.slice(before)).toEqual([{ verb: 'read', key: 'index.json' }]);
});

test('a job that is filed later: the rewinds that were seen stay', async () => {
  const reports = modelReports();
  const { files } = reports;
  await fileSeenRewinds(reports, options)([seen('a')]);
  await fileRewind(reports, () => 'shop/4d5e6f7a', options)(makeRewind());
  const history = parseHistory(files.get('index.json') ?? '');
  expect(history.rewinds).toHaveLength(1);
  expect(history.jobs).toEqual([toRewindEntry(makeRewind(), 'shop/4d5e6f7a')]);
  expect(files.has('shop/4d5e6f7a/result.json')).toBe(true);
});

test('an entry of a rewind: what came out, the time reached, and the clone that stands', () => {
  expect(toRewindEntry(makeRewind(), 'shop/4d5e6f7a')).toEqual({
    id: '4d5e6f7a',
    job: 'rewind',
    plan: 'shop',
    source: 'shop',
    dryRun: false,
    verdict: 'passed',
    outcome: 'rewound',
    startedAt: '2026-11-19T03:00:00Z',
    endedAt: '2026-11-19T03:18:02Z',
    failure: null,
    restoreTo: '2026-11-19T02:49:59.500Z',
    clone: 'recovered-shop-20261119030000-before-rewind',
    reason: 'the migration of 02:52 broke every insert',
    report: 'shop/4d5e6f7a/report.html',
  });
  expect(toRewindEntry(blockedRewind(), 'a')).toMatchObject({
    outcome: 'blocked',
    failure: { error: 'RewindBlocked' },
    restoreTo: '2026-11-19T02:50:00Z',
    clone: null,
  });
});

test('the page of the history: rewinds of this tool, and those of anybody', () => {
  const entry = toRewindEntry(blockedRewind(), 'shop/4d5e6f7a');
  const history = {
    schema: 'aurora-drills/index/1' as const,
    drills: [],
    jobs: [entry],
    rewinds: [seen('a')],
  };
  const page = renderHistory(parseHistory(formatHistory(history)));
  for (const text of ['Rewinds', 'blocked', 'RewindBlocked in CheckReadiness', 'completed', '02:55:00'])
    expect(page).toContain(text);
});
