import type { DrillResult } from '../../../shared/drill/document.ts';
import { emptyHistory, type History } from '../../../shared/history/document.ts';
import { addDrill } from '../../../shared/history/filing.ts';
import type { FiledResult } from '../../../shared/history/source-posture.ts';
import { planFolder } from '../../../shared/report/place.ts';
import { makeResult } from '../drill/result-fixture.ts';

const begin = Date.parse('2026-01-05T08:00:00Z');
const weekMs = 7 * 86_400_000;
const plans = 50;

/** The passed drill of this number, in a fleet of 50 plans, each drilled once a week. */
export const makeDrill = (number: number, changes: Partial<FiledResult> = {}): FiledResult => {
  const startedAt = begin + Math.floor(number / plans) * weekMs + (number % plans) * 60_000;
  const result = makeResult({
    drillId: number.toString(16).padStart(8, '0'),
    plan: `plan-${number % plans}`,
    verdict: 'passed',
    failure: null,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(startedAt + 2_400_000).toISOString(),
    ...changes,
  });
  return { posture: null, ...result };
};

export const historyOf = (results: readonly DrillResult[]): History =>
  results.reduce((history, result) => addDrill(history, result, planFolder(result)), emptyHistory);

export const makeDrills = (count: number): FiledResult[] =>
  Array.from({ length: count }, (_, number) => makeDrill(number));
