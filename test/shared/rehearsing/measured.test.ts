import { expect, test } from 'vitest';
import { pack } from '../../../shared/job/packing.ts';
import type { ChangeMeasured, StatementMeasured } from '../../../shared/rehearsal/measured.ts';
import { describeMeasured, fitDocument, fitMeasured } from '../../../shared/rehearsing/measured.ts';
import { documentRehearsal } from '../../../shared/rehearsing/outcome.ts';
import { testPrices } from '../result/prices-fixture.ts';
import { makeState, timed } from './job-fixture.ts';

/** As random as a text can be that is always the same. */
const noise = (seed: number): number => (seed * 7_919_777) % 1_000_003;

const makeStatement = (number: number, stretches: number): StatementMeasured => {
  const list = Array.from({ length: stretches }, (_, n) => {
    const fromMs = noise(number * 1000 + n);
    return { fromMs, toMs: fromMs + 1 + noise(n) };
  });
  const blocked = {
    longestMs: Math.max(0, ...list.map(({ fromMs, toMs }) => toMs - fromMs)),
    stretches: list,
  };
  const unknown = { isRewritten: false, rowsScanned: 0, growthBytes: 0, indexGrowthBytes: 0 };
  return {
    number,
    line: number,
    sql: `alter table t${number} add column c text`,
    isInTransaction: false,
    fromMs: number,
    toMs: number + 1,
    lockWaitMs: 0,
    locks: [],
    tables: [
      { table: `public.t${number}`, blockedRead: blocked, blockedWrite: blocked, queuedMs: 0, ...unknown },
    ],
    logBytes: 0,
    leftInvalid: [],
    algorithm: null,
    error: null,
    lockTimeouts: 0,
    isCancelled: false,
    notMeasured: [],
  };
};

const makeMeasured = (statements: number, stretches: number): ChangeMeasured => ({
  engine: 'aurora-postgresql',
  serverVersion: '17.7',
  statements: Array.from({ length: statements }, (_, n) => makeStatement(n + 1, stretches)),
  contender: null,
  lockTimeoutMs: null,
  isFinished: true,
});

test('in words: how many ran, and the longest waits', () => {
  const one = makeStatement(1, 1);
  const failed = { ...makeStatement(2, 0), error: { message: 'no', code: '42P01', doneBefore: '' } };
  const waited = one.tables[0]?.blockedRead.longestMs;
  expect(describeMeasured({ ...makeMeasured(0, 0), statements: [one, failed], isFinished: false })).toBe(
    `1 of 2 statements ran, the longest blocked read was ${waited} ms, the longest blocked write ${waited} ms, not finished`,
  );
});

test('what fits is kept whole', () => {
  const measured = makeMeasured(5, 50);
  expect(fitMeasured(measured)).toBe(measured);
});

test('what does not fit: the longest stretches are kept, in order, and every figure', () => {
  const measured = makeMeasured(150, 500);
  const fitted = fitMeasured(measured);
  expect(pack(measured).length).toBeGreaterThan(200_000);
  expect(pack(fitted).length).toBeLessThan(104_001);
  for (const [index, { tables }] of fitted.statements.entries()) {
    const [before, after] = [measured.statements[index]?.tables[0]?.blockedRead, tables[0]?.blockedRead];
    const lengths = after?.stretches.map(({ fromMs, toMs }) => toMs - fromMs) ?? [];
    expect(after?.longestMs).toBe(before?.longestMs);
    expect(Math.max(...lengths)).toBe(before?.longestMs);
  }
});

test('a short lock beside many long ones: of each relation and mode at least one is kept', () => {
  const lock = (mode: string, fromMs: number, toMs: number) => ({
    relation: 'public.t1',
    mode,
    fromMs,
    toMs,
  });
  const measured = makeMeasured(150, 500);
  const [first] = measured.statements;
  const long = Array.from({ length: 400 }, (_, n) => lock('AccessShareLock', n, n + 1000));
  const locks = [...long, lock('AccessExclusiveLock', 500, 501)];
  const [fitted] = fitMeasured({
    ...measured,
    statements: [{ ...(first as StatementMeasured), locks }, ...measured.statements.slice(1)],
  }).statements;
  expect(fitted?.locks.length).toBeLessThan(100);
  expect(fitted?.locks.at(-1)).toEqual(lock('AccessExclusiveLock', 500, 501));
});

test.each([
  ['one statement', 1, 5],
  ['many waits', 100, 300],
  ['more than anybody rehearses', 900, 20],
])(
  'the output of an execution, %s: within what Step Functions carries, and the verdict is the same',
  (_, ...size) => {
    const ran = {
      summary: '',
      beganAt: '2026-11-16T08:20:00Z',
      measured: pack(makeMeasured(...size)),
      ...timed,
    };
    const document = documentRehearsal(
      { ...makeState(), RehearseChange: ran },
      '2026-11-16T08:30:00Z',
      testPrices,
    );
    const output = fitDocument(document);
    expect(Buffer.byteLength(JSON.stringify({ ...output, findings: [], advice: null }))).toBeLessThan(
      200_001,
    );
    expect(output.verdict).toBe(document.verdict);
  },
);
