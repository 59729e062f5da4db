import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainPaint } from '../../../../local/command/paint.ts';
import type { Look } from '../../../../local/command/posture/look.ts';
import { lookAtModel } from '../../../../local/command/posture/model.ts';
import { summarizeDay } from '../../../../local/command/posture/summary.ts';
import { postureRules } from '../../../../shared/plan/posture.ts';
import { postureVerdicts } from '../../../../shared/posture/finding.ts';

const today = new Date('2026-11-30T06:30:00Z');

let folder: string;
let looks: Look[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posture-model-'));
  // Of an earlier command: the story has to begin anew.
  await writeFile(join(folder, 'posture.json'), 'no posture');
  looks = await lookAtModel(folder, today);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the fleet shows every verdict, and every rule fails somewhere on some day', () => {
  const findings = looks.flatMap(({ document }) => document.clusters.flatMap((one) => one.findings));
  expect(new Set(findings.map(({ verdict }) => verdict))).toEqual(new Set(postureVerdicts));
  const failing = new Set(findings.filter(({ verdict }) => verdict === 'fail').map(({ rule }) => rule));
  expect(postureRules.filter((rule) => !failing.has(rule))).toEqual([]);
});

test('one cluster has nothing to mend', () => {
  const users = looks.at(-1)?.document.clusters.find(({ cluster }) => cluster === 'users');
  const verdicts = new Set(users?.findings.map(({ verdict }) => verdict));
  expect(verdicts).toEqual(new Set(['pass', 'not-applicable']));
});

test('people are told on the first day, and on the day on which something changed: what, and no more', () => {
  expect(looks.map(({ day }) => day?.messages.length)).toEqual([1, 0, 1]);
  const text = looks
    .slice(-1)
    .flatMap((one) => summarizeDay(one, plainPaint))
    .join('\n');
  expect(text).toContain('orders fails deletion-protection');
  expect(text).toContain('analytics, snapshots-private: passes again');
  expect(text).not.toContain('billing');
});

test('what could not be read: the first run ends as failed and names it, as in AWS, and those after it do not', () => {
  const [first, ...others] = looks.map(({ day }) => day?.failure);
  expect(first).toMatch(/legacy .*payments/);
  expect(others).toEqual([null, null]);
});

test('the folder has the document and the page of the last day', async () => {
  const last = looks.at(-1)?.document;
  expect(last?.checkedAt).toBe('2026-11-30T06:30:00Z');
  expect(JSON.parse(await readFile(join(folder, 'posture.json'), 'utf8'))).toEqual(last);
  expect(await readFile(join(folder, 'posture.html'), 'utf8')).toContain('>users<');
});
