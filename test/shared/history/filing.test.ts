import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyHistory, formatHistory, parseHistory, toEntry } from '../../../shared/history/document.ts';
import { fileInHistory } from '../../../shared/history/filing.ts';
import { renderHistory } from '../../../shared/history/page.ts';
import { planFolder } from '../../../shared/report/place.ts';
import { makeResult } from '../drill/result-fixture.ts';
import { historyOf, makeDrill, makeDrills } from './history-fixture.ts';
import { type ModelReports, modelReports } from './reports-model.ts';

const pause = async () => {};
const filingIn = (reports: ModelReports, options = {}) =>
  fileInHistory(reports, planFolder, { pause, ...options });

const indexIn = ({ files }: ModelReports) => parseHistory(files.get('index.json') ?? '');
const idsIn = (reports: ModelReports) => indexIn(reports).drills.map(({ drillId }) => drillId);
const expectPageOfIndex = (reports: ModelReports): void =>
  expect(reports.files.get('index.html') === renderHistory(indexIn(reports))).toBe(true);

test('a first drill: its two files, the index with its entry, and the page of that index', async () => {
  const reports = modelReports();
  const result = makeDrill(0);
  await filingIn(reports)(result);
  const folder = 'plan-0/2026-01-05/00000000';
  expect([...reports.files.keys()]).toEqual([
    `${folder}/result.json`,
    `${folder}/report.html`,
    'index.json',
    'index.html',
  ]);
  expect(reports.files.get(`${folder}/result.json`)).toBe(`${JSON.stringify(result, null, 2)}\n`);
  expect(indexIn(reports).drills).toEqual([toEntry(result, folder)]);
  expectPageOfIndex(reports);
});

test('a drill that failed before it knew its plan: its folder is one that no plan can have', () => {
  expect(planFolder(makeResult({ plan: null, drillId: '1a2b3c4d' }))).toBe('_unknown/2026-11-19/1a2b3c4d');
});

test('the same drill filed again, as it was: one entry, and the index is left alone', async () => {
  const reports = modelReports();
  await filingIn(reports)(makeDrill(0));
  const before = reports.files.get('index.json');
  reports.calls.length = 0;
  await filingIn(reports)(makeDrill(0));
  expect(reports.files.get('index.json')).toBe(before);
  expect(reports.calls).not.toContainEqual({ verb: 'replace', key: 'index.json' });
});

test('the same drill filed again with another outcome: one entry, the later one', async () => {
  const reports = modelReports();
  await filingIn(reports)(makeDrill(0));
  await filingIn(reports)(makeDrill(0, { verdict: 'failed' }));
  expect(indexIn(reports).drills).toHaveLength(1);
  expect(indexIn(reports).drills[0]).toMatchObject({ verdict: 'failed' });
  expectPageOfIndex(reports);
});

test('a history of 10 and one of 2,600 drills: as many calls for a new drill, and no result is read', async () => {
  const callsFor = async (count: number) => {
    const reports = modelReports();
    const history = historyOf(makeDrills(count));
    reports.files.set('index.json', formatHistory(history)).set('index.html', renderHistory(history));
    await filingIn(reports)(makeDrill(2600, { drillId: 'ffffffff' }));
    expect(indexIn(reports).drills).toHaveLength(count + 1);
    return reports.calls.map(({ verb, key }) => `${verb} ${key}`);
  };
  const folder = 'plan-0/2027-01-04/ffffffff';
  const calls = await callsFor(10);
  expect(calls).toEqual([
    `write ${folder}/result.json`,
    `write ${folder}/report.html`,
    'findVersion index.html',
    'read index.json',
    'replace index.json',
    'replace index.html',
  ]);
  expect(await callsFor(2600)).toEqual(calls);
});

describe('several at once', () => {
  test('20 drills: none is lost, and the page is that of the index', async () => {
    const reports = modelReports();
    const drills = makeDrills(20);
    await Promise.all(drills.map(filingIn(reports)));
    expect(idsIn(reports).sort()).toEqual(drills.map(({ drillId }) => drillId));
    expectPageOfIndex(reports);
  });

  // A repeated filing replaces nothing in the index, so it is as good as another drill.
  const filings = fc.array(fc.nat(5), { minLength: 2, maxLength: 6 });

  test('in any order of their calls, repeated filings among them: none is lost, the page is that of the index', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), filings, async (scheduler, numbers) => {
        const reports = modelReports({ arrive: () => scheduler.schedule(Promise.resolve()) });
        // Each loses at most two rounds to each other one.
        const maxRounds = 2 * (numbers.length - 1) + 1;
        const file = filingIn(reports, { maxRounds });
        await scheduler.waitFor(Promise.all(numbers.map((number) => file(makeDrill(number)))));
        const expected = historyOf([...new Set(numbers)].map((number) => makeDrill(number)));
        expect(indexIn(reports)).toEqual(expected);
        expectPageOfIndex(reports);
      }),
      { numRuns: 25 },
    );
  });

  test('answers that got lost besides: none is lost, the page is that of the index', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        filings,
        fc.array(fc.boolean(), { maxLength: 10 }),
        async (scheduler, numbers, lost) => {
          const reports = modelReports({
            arrive: () => scheduler.schedule(Promise.resolve()),
            isAnswerLost: () => lost.pop() ?? false,
          });
          const file = filingIn(reports, { maxRounds: 100 });
          await scheduler.waitFor(Promise.all(numbers.map((number) => file(makeDrill(number)))));
          expect(new Set(idsIn(reports))).toEqual(
            new Set(numbers.map((number) => makeDrill(number).drillId)),
          );
          expectPageOfIndex(reports);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a filing dies anywhere while others go on: once it is repeated nothing is missing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), filings, fc.nat(6), async (scheduler, numbers, lastCall) => {
        const arrive = () => scheduler.schedule(Promise.resolve());
        const reports = modelReports({ arrive });
        let left = lastCall;
        const dying = modelReports({
          files: reports.files,
          arrive: async () => {
            await arrive();
            left -= 1;
            if (left < 0) throw new Error('killed');
          },
        });
        const all = [
          ...numbers.map((number) => filingIn(reports)(makeDrill(number))),
          filingIn(dying)(makeDrill(9)).catch(() => {}),
        ];
        await scheduler.waitFor(Promise.all(all));
        await scheduler.waitFor(filingIn(reports)(makeDrill(9)));
        expect(idsIn(reports)).toContain(makeDrill(9).drillId);
        expect(idsIn(reports)).toHaveLength(new Set(numbers).size + 1);
        expectPageOfIndex(reports);
      }),
      { numRuns: 25 },
    );
  });
});

test('an index that is not ours: fails and says what to do, nothing is overwritten, the drill has its own two files', async () => {
  const reports = modelReports();
  reports.files.set('index.json', '{"drills": [').set('index.html', 'a page');
  await expect(filingIn(reports)(makeDrill(0))).rejects.toMatchObject({
    name: 'ReportNotFiled',
    summary: expect.stringContaining('index.json is not a history of drills'),
    hint: expect.stringContaining('docs/history.md'),
  });
  expect([...reports.files]).toMatchObject([
    ['index.json', '{"drills": ['],
    ['index.html', 'a page'],
    ['plan-0/2026-01-05/00000000/result.json', expect.stringContaining('"drillId": "00000000"')],
    ['plan-0/2026-01-05/00000000/report.html', expect.stringContaining('<!doctype html>')],
  ]);
});

test('others are faster in every round: pauses between the rounds, then fails and says where the report is', async () => {
  let pauses = 0;
  const reports = { ...modelReports(), replace: async () => false };
  const file = fileInHistory(reports, planFolder, {
    maxRounds: 3,
    nameOf: (key) => `s3://reports/${key}`,
    pause: async () => {
      pauses += 1;
    },
  });
  await expect(file(makeDrill(0))).rejects.toMatchObject({
    name: 'ReportNotFiled',
    summary: 'other drills replaced s3://reports/index.json or s3://reports/index.html in each of 3 rounds',
    hint: expect.stringContaining('plan-0/2026-01-05/00000000'),
  });
  expect(pauses).toBe(2);
});

test('a lost index beside a page of an earlier one: the history begins anew, and the page with it', async () => {
  const reports = modelReports();
  reports.files.set('index.html', renderHistory(emptyHistory));
  await filingIn(reports)(makeDrill(3));
  expect(idsIn(reports)).toEqual(['00000003']);
  expectPageOfIndex(reports);
});
