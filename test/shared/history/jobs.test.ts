import { describe, expect, test } from 'vitest';
import { emptyHistory, formatHistory, lastPasses, parseHistory } from '../../../shared/history/document.ts';
import { fileExtract, fileInHistory, fileRecovery, fileRehearsal } from '../../../shared/history/filing.ts';
import { addJob, toExtractEntry, toJobEntry, toRehearsalEntry } from '../../../shared/history/jobs.ts';
import { measureRestores } from '../../../shared/history/measured.ts';
import { renderHistory } from '../../../shared/history/page.ts';
import type { RestoreOrigin } from '../../../shared/job/origin.ts';
import { makeExtract, nothingExtracted } from '../extraction/extract-fixture.ts';
import { makeRecovery, makeTest, nothingMade } from '../recovery/recovery-fixture.ts';
import { makeRehearsal, nothingRun, safeRehearsal } from '../rehearsal/rehearsal-fixture.ts';
import { historyOf, makeDrill } from './history-fixture.ts';
import { modelReports } from './reports-model.ts';

const options = { pause: async () => undefined };
const entryOf = (id: string, startedAt = '2026-11-19T03:00:00Z') =>
  toJobEntry({ ...makeRecovery(), id, startedAt }, `shop/${id}`);

test('an entry: who recovered what to when, why, and what came out', () => {
  expect(toJobEntry(makeRecovery(), 'shop/2026-11-19/5e6f7a8b')).toEqual({
    id: '5e6f7a8b',
    job: 'recover',
    plan: 'shop',
    source: 'shop',
    dryRun: false,
    verdict: 'passed',
    startedAt: '2026-11-19T03:00:00Z',
    endedAt: '2026-11-19T03:31:00Z',
    failure: null,
    restoreTo: '2026-11-19T02:50:00Z',
    cluster: 'recovered-shop-20261119025000',
    usableAfterSeconds: 1320,
    reason: 'a bad update at 02:51',
    report: 'shop/2026-11-19/5e6f7a8b/report.html',
  });
});

test('one that failed before it made anything: the failure, the time asked for, and no cluster', () => {
  const failed = makeRecovery({ ...nothingMade, tests: [makeTest('x', 'failed')] });
  expect(toJobEntry(failed, 'a')).toMatchObject({
    verdict: 'failed',
    failure: { phase: 'VerifyRecovery', error: 'TestsFailed' },
    restoreTo: '2026-11-19T02:50:00Z',
    cluster: null,
  });
});

test('adding: the newest first, and one that is filed again in its own place', () => {
  const later = entryOf('b', '2026-11-20T00:00:00Z');
  const jobs = [entryOf('a'), later, { ...entryOf('a'), verdict: 'failed' as const }].reduce(addJob, []);
  expect(jobs.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['b', 'passed'],
    ['a', 'failed'],
  ]);
});

test('an entry of a rehearsal: the verdict, how many findings, and the longest waits', () => {
  expect(toRehearsalEntry(makeRehearsal(), 'shop/2026-11-19/7a8b9c0d')).toEqual({
    id: '7a8b9c0d',
    job: 'rehearse',
    plan: 'shop',
    source: 'shop',
    dryRun: false,
    verdict: 'unsafe',
    startedAt: '2026-11-19T09:00:00Z',
    endedAt: '2026-11-19T09:10:20Z',
    failure: { phase: 'RehearseChange', error: 'ChangeUnsafe' },
    statements: 1,
    findings: 4,
    blockedReadMs: 87_000,
    blockedWriteMs: 87_000,
    teardown: 'pending',
    reason: 'login tokens, pull request 412',
    report: 'shop/2026-11-19/7a8b9c0d/report.html',
  });
  const notRun = toRehearsalEntry(makeRehearsal(nothingRun), 'a');
  expect([notRun.blockedReadMs, notRun.blockedWriteMs, notRun.statements]).toEqual([null, null, 0]);
});

test('a rehearsal that was filed after its teardown: what comes late from before it changes nothing', () => {
  const before = toRehearsalEntry(safeRehearsal, 'a');
  const after = { ...before, teardown: 'completed' as const };
  expect([before, after].reduce(addJob, [])).toEqual([after]);
  expect([after, before].reduce(addJob, [])).toEqual([after]);
});

test('an entry of an extract: which tables of when are where', () => {
  expect(toExtractEntry(makeExtract(), 'shop/2026-11-20/3c4d5e6f')).toEqual({
    id: '3c4d5e6f',
    job: 'extract',
    plan: 'shop',
    source: 'shop',
    dryRun: false,
    verdict: 'passed',
    startedAt: '2026-11-20T09:00:00Z',
    endedAt: '2026-11-20T09:22:12Z',
    failure: null,
    restoreTo: '2026-11-19T16:00:00Z',
    sandbox: 'dev',
    schema: 'extract_shop_20261119160000_3c4d5e6f',
    tables: 2,
    rows: 1_292_754,
    teardown: 'pending',
    reason: 'orders of tenant 7, ticket 2210',
    report: 'shop/2026-11-20/3c4d5e6f/report.html',
  });
  expect(toExtractEntry(makeExtract(nothingExtracted), 'a')).toMatchObject({
    sandbox: 'dev',
    schema: null,
    rows: 0,
  });
});

test('an extract that was filed after its teardown: what comes late from before it changes nothing', () => {
  const before = toExtractEntry(makeExtract(), 'a');
  const after = { ...before, teardown: 'completed' as const };
  expect([after, before].reduce(addJob, [])).toEqual([after]);
});

describe('filing', () => {
  test('an extract: in the index and on the page, and its own two files', async () => {
    const reports = modelReports();
    await fileExtract(reports, () => 'shop/extract', options)(makeExtract());
    const history = parseHistory(reports.files.get('index.json') ?? '');
    expect(history.jobs).toEqual([toExtractEntry(makeExtract(), 'shop/extract')]);
    expect(JSON.parse(reports.files.get('shop/extract/result.json') ?? '')).toEqual(makeExtract());
    expect(reports.files.get('shop/extract/report.html')).toContain('Extract passed');
    const page = reports.files.get('index.html') ?? '';
    for (const text of ['./shop/extract/report.html', 'extract_shop_20261119160000_3c4d5e6f', '1,292,754'])
      expect(page).toContain(text);
  });

  test('a rehearsal beside a recovery: both in the index and on the page, and its own two files', async () => {
    const reports = modelReports();
    await fileRecovery(reports, () => 'shop/recovery', options)(makeRecovery());
    await fileRehearsal(reports, () => 'shop/rehearsal', options)(makeRehearsal());
    const history = parseHistory(reports.files.get('index.json') ?? '');
    expect(history.jobs?.map(({ job }) => job)).toEqual(['rehearse', 'recover']);
    expect(JSON.parse(reports.files.get('shop/rehearsal/result.json') ?? '')).toEqual(makeRehearsal());
    const page = reports.files.get('index.html') ?? '';
    for (const text of ['./shop/recovery/report.html', './shop/rehearsal/report.html', '87 s'])
      expect(page).toContain(text);
  });

  test('a recovery beside a drill: both in the index and on the page, and its own two files', async () => {
    const reports = modelReports();
    await fileInHistory(reports, () => 'shop/drill', options)(makeDrill(0));
    await fileRecovery(reports, () => 'shop/recovery', options)(makeRecovery());
    await fileRecovery(reports, () => 'shop/recovery', options)(makeRecovery());
    const history = parseHistory(reports.files.get('index.json') ?? '');
    expect(history.drills).toHaveLength(1);
    expect(history.jobs).toEqual([toJobEntry(makeRecovery(), 'shop/recovery')]);
    expect(JSON.parse(reports.files.get('shop/recovery/result.json') ?? '')).toEqual(makeRecovery());
    expect(reports.files.get('index.html')).toContain('./shop/recovery/report.html');
  });

  test('a drill after it: the recovery stays', async () => {
    const reports = modelReports();
    await fileRecovery(reports, () => 'shop/recovery', options)(makeRecovery());
    await fileInHistory(reports, () => 'shop/drill', options)(makeDrill(0));
    const history = parseHistory(reports.files.get('index.json') ?? '');
    expect([history.drills.length, history.jobs?.length]).toEqual([1, 1]);
  });

  test('a recovery and a drill that end together: neither is lost', async () => {
    const reports = modelReports();
    await Promise.all([
      fileRecovery(reports, () => 'shop/recovery', options)(makeRecovery()),
      fileInHistory(reports, () => 'shop/drill', options)(makeDrill(0)),
    ]);
    const history = parseHistory(reports.files.get('index.json') ?? '');
    expect([history.drills.length, history.jobs?.length]).toEqual([1, 1]);
    expect(reports.files.get('index.html')).toContain('./shop/recovery/report.html');
  });
});

test('a history of drills alone: no key of jobs is written, and none is shown', () => {
  const history = historyOf([makeDrill(1)]);
  expect(formatHistory(history)).not.toContain('jobs');
  expect(renderHistory(history)).not.toContain('Recoveries');
});

test('a recovery that passed: no drill has passed by that', () => {
  expect(lastPasses({ ...emptyHistory, jobs: [entryOf('a')] }).size).toBe(0);
});

describe('what restores of a plan took', () => {
  const drill = (number: number, seconds: number | null, changes = {}) =>
    makeDrill(number, { plan: 'shop', rto: { seconds, objectiveSeconds: null, met: null }, ...changes });

  test('the middle of the last nine that passed and measured it', () => {
    const old = Array.from({ length: 5 }, (_, number) => drill(number, 99_999));
    const late = Array.from({ length: 9 }, (_, number) => drill(100 + number, 600 + number * 60));
    expect(measureRestores(historyOf([...old, ...late]), 'shop')).toEqual({
      'point-in-time': { minutes: 14, drills: 9 },
    });
  });

  test('drills from snapshots: counted for a snapshot alone', () => {
    const from = (kind: RestoreOrigin) => ({ restore: { ...makeDrill(1).restore, kind } });
    const history = historyOf([
      drill(1, 600, from('log')),
      drill(2, 1200, from('newest-snapshot')),
      drill(3, 1260, from('fresh-snapshot')),
    ]);
    expect(measureRestores(parseHistory(formatHistory(history)), 'shop')).toEqual({
      'point-in-time': { minutes: 10, drills: 1 },
      snapshot: { minutes: 21, drills: 2 },
    });
  });

  test.each([
    ['no drill', []],
    ['another plan', [makeDrill(1)]],
    ['failed', [drill(1, 600, { verdict: 'failed' })]],
    ['a dry run', [drill(1, 600, { dryRun: true })]],
    ['not measured', [drill(1, null)]],
  ])('%s: nothing', (_, drills) => {
    expect(measureRestores(historyOf(drills), 'shop')).toEqual({});
  });
});
