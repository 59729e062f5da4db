import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { concludeDrill } from '../../../functions/drill/conclude-drill.ts';
import { quickCalls } from '../../../shared/aws/quick-calls.ts';
import type { DrillResult } from '../../../shared/drill/document.ts';
import type { DrillState } from '../../../shared/drill/state.ts';
import { DrillError, errorCatalog } from '../../../shared/errors.ts';
import type { FileResult } from '../../../shared/history/filing.ts';
import type { ReadPosture } from '../../../shared/history/source-posture.ts';
import { retrySeconds } from '../../../shared/job/ending.ts';
import type { Message } from '../../../shared/messages/message.ts';
import type { Notify } from '../../../shared/messages/notify.ts';
import type { Metric, Metrics } from '../../../shared/monitors/metrics.ts';
import {
  at,
  dropPhases,
  makeDrillStoppedIn,
  makeDrillUpTo,
  makeDryRun,
  makePassedDrill,
} from '../../shared/drill/state-fixture.ts';
import { testPrices } from '../../shared/result/prices-fixture.ts';
import { failFirst } from '../../statemachines/run-drill.ts';
import { clockAt, failWith } from '../fakes.ts';

type Ends = {
  notify?: Notify;
  file?: FileResult;
  publish?: Metrics['publish'];
  read?: Metrics['read'];
  readPosture?: ReadPosture;
};

/** Concludes a drill. @returns its result, who was told, what was filed and what was counted */
const conclude = async (
  state: DrillState,
  { notify, file, publish, read, readPosture = async () => null }: Ends = {},
) => {
  const messages: Message[] = [];
  const filed: DrillResult[] = [];
  const metrics: Metric[] = [];
  const pauses: number[] = [];
  const warnings: string[] = [];
  const result = await concludeDrill(state, {
    notify: notify ?? (async (message) => void messages.push(message)),
    placeOf: ({ drillId }) => `reports/${drillId}`,
    file: file ?? (async (document) => void filed.push(document)),
    metrics: {
      publish: publish ?? (async (values) => void metrics.push(...values)),
      read: read ?? (async () => []),
    },
    readPlans: async () => '',
    readPosture,
    prices: () => testPrices,
    now: clockAt('09:26'),
    pause: async () => void pauses.push(1),
    warn: (message) => void warnings.push(message),
  });
  return { result, messages, filed, metrics, pauses: pauses.length, warnings };
};

const passed = makePassedDrill();
const target = passed.PrepareDrill.target.cluster;
const reason = 'instances stand, and the deadline has passed';
const leftBehind: DrillState = {
  ...passed,
  CheckTeardown: { ...passed.CheckTeardown, status: 'failed', error: 'DeadlineExceeded', reason },
};

test('everything passed and nothing is left: the result ends now, and nobody is told again', async () => {
  const { result, messages } = await conclude(passed);
  expect(result).toMatchObject({
    verdict: 'passed',
    failure: null,
    teardown: { status: 'completed' },
    endedAt: at('09:26'),
  });
  expect(messages).toEqual([]);
});

test('drill failed and nothing is left: nobody is told again', async () => {
  const failed = {
    ...dropPhases(passed, 'VerifyRestore'),
    failures: { VerifyRestore: { Error: 'DatabaseBusy' } },
  };
  const { result, messages } = await conclude(failed);
  expect(result).toMatchObject({ verdict: 'failed', teardown: { status: 'completed' } });
  expect(messages).toEqual([]);
});

test('drill stopped before its restore, teardown could not look: nobody is told, since nothing can be left', async () => {
  const state = {
    ...makeDrillUpTo('CaptureBaseline'),
    failures: { CheckRestorePoint: { Error: 'AccessDenied' }, TearDown: { Error: 'AccessDenied' } },
  };
  const { result, messages } = await conclude(state);
  expect(result).toMatchObject({
    failure: { phase: 'CheckRestorePoint' },
    teardown: { status: 'not-needed' },
  });
  expect(messages).toEqual([]);
});

test('dry run: nobody is told', async () => {
  const { result, messages } = await conclude(makeDryRun());
  expect(result.teardown.status).toBe('not-needed');
  expect(messages).toEqual([]);
});

test.each<[string, DrillState, string]>([
  ['gave up', leftBehind, reason],
  [
    'was refused',
    {
      ...dropPhases(passed, 'TearDown', 'CheckTeardown'),
      failures: { TearDown: { Error: 'TeardownRefused', Cause: 'refused to delete' } },
    },
    'TeardownRefused in TearDown: refused to delete',
  ],
])(
  'teardown that %s: people are told once more, with the name and the reason',
  async (_condition, state, text) => {
    const { result, messages } = await conclude(state);
    expect(result).toMatchObject({ verdict: 'failed', teardown: { status: 'failed' } });
    expect(messages).toEqual([
      expect.objectContaining({
        title: expect.stringContaining('could not delete what it restored'),
        happened: [expect.stringContaining(text)],
      }),
    ]);
    expect(messages[0]?.happened.join()).toContain(target);
  },
);

test('drill and teardown failed: the message tells of the teardown, the result of what came first', async () => {
  const failures = { AddWriter: { Error: 'CapacityUnavailable', Cause: 'none left' } };
  const { result, messages } = await conclude({ ...leftBehind, failures });
  expect(result.failure).toMatchObject({
    phase: 'AddWriter',
    error: 'CapacityUnavailable',
    cause: 'none left',
  });
  expect(messages[0]?.happened.join()).toContain(`TeardownFailed in CheckTeardown: ${reason}`);
});

test('second message fails too: the result is kept with its failure, and says so after it', async () => {
  const { result: told } = await conclude(leftBehind);
  const { result, warnings } = await conclude(leftBehind, { notify: failWith('NotificationFailed') });
  expect(result).toEqual({
    ...told,
    otherFailures: [
      {
        phase: 'ConcludeDrill',
        error: 'NotificationFailed',
        cause: 'telling people failed: injected NotificationFailed',
        hint: errorCatalog.NotificationFailed.hint,
      },
    ],
  });
  // People look in the log.
  expect(warnings).toEqual(['telling people failed']);
});

test('anything fails by a defect of ours: thrown, not hidden in a result', async () => {
  const fail = () => Promise.reject(new TypeError('undefined is not a function'));
  for (const ends of [{ notify: fail }, { file: fail }, { publish: fail }]) {
    await expect(conclude(leftBehind, ends)).rejects.toThrow(TypeError);
  }
});

test('a drill that passed: its result is filed once, and its figures are counted by plan', async () => {
  const { result, filed, metrics } = await conclude(passed);
  expect(filed).toEqual([result]);
  expect(metrics).toEqual([
    { name: 'DrillPassed', cluster: null, plan: 'prod-aurora-main', value: 1, at: at('09:26') },
    { name: 'DrillRtoSeconds', cluster: null, plan: 'prod-aurora-main', value: 1212, at: at('09:26') },
    { name: 'DrillRpoSeconds', cluster: null, plan: 'prod-aurora-main', value: 180, at: at('09:26') },
  ]);
});

test('a drill that failed before it measured anything: filed, and counted as not passed', async () => {
  const { filed, metrics } = await conclude(makeDrillStoppedIn('PrepareDrill', { Error: 'SourceNotFound' }));
  expect(filed).toMatchObject([{ plan: 'prod-aurora-main', verdict: 'failed' }]);
  expect(metrics).toMatchObject([{ name: 'DrillPassed', plan: 'prod-aurora-main', value: 0 }]);
});

test('a dry run: filed, and not counted, since it proves nothing', async () => {
  const { filed, metrics } = await conclude(makeDryRun());
  expect(filed).toMatchObject([{ dryRun: true }]);
  expect(metrics).toEqual([]);
});

test('a drill whose plan nobody knows: filed, and counted for no plan', async () => {
  const { filed, metrics } = await conclude({
    ...makeDrillStoppedIn('PrepareDrill', { Error: 'UnknownPlan' }),
    execution: { ...passed.execution, input: { plan: 'prod-aurora-mian' } },
  });
  expect(filed).toMatchObject([{ plan: null }]);
  expect(metrics).toEqual([]);
});

type Filing = (filed: DrillResult[]) => FileResult;

/** Refuses the first filing of a drill. */
const failFirstFiling: Filing = (filed) => {
  let isFirst = true;
  return async (document) => {
    if (isFirst) {
      isFirst = false;
      throw new DrillError('ReportNotFiled', 'refused once');
    }
    filed.push(document);
  };
};

test.each<[string, Omit<Ends, 'file'> & { file?: Filing }]>([
  ['filing fails once for good, then works', { file: failFirstFiling }],
  ['the metrics are refused', { publish: failWith('MetricsFailed') }],
  ['people cannot be told', { notify: failWith('NotificationFailed') }],
  [
    'everything but filing fails',
    { notify: failWith('NotificationFailed'), publish: failWith('MetricsFailed') },
  ],
])('%s: what is filed last is what the execution tells', async (_, ends) => {
  for (const state of [passed, leftBehind]) {
    const filed: DrillResult[] = [];
    const keep = ends.file?.(filed) ?? (async (document: DrillResult) => void filed.push(document));
    const { result } = await conclude(state, { ...ends, file: keep });
    expect(filed.at(-1)).toEqual(result);
  }
});

test('the report cannot be filed: the drill fails, its result is kept, and it is counted as not passed', async () => {
  const { result, metrics } = await conclude(passed, { file: failWith('ReportNotFiled') });
  expect(result).toMatchObject({
    verdict: 'failed',
    failure: {
      phase: 'ConcludeDrill',
      error: 'ReportNotFiled',
      cause: 'filing the report failed: injected ReportNotFiled',
    },
    checks: [{ verdict: 'passed' }, { verdict: 'passed' }, { verdict: 'passed' }],
  });
  expect(metrics[0]).toMatchObject({ name: 'DrillPassed', value: 0 });
});

test('its figures cannot be counted: the drill fails, and what is filed last says so', async () => {
  const { result, filed } = await conclude(passed, { publish: failWith('MetricsFailed') });
  expect(result.failure).toMatchObject({ phase: 'ConcludeDrill', error: 'MetricsFailed' });
  expect(filed).toMatchObject([{ verdict: 'passed' }, { verdict: 'failed' }]);
  expect(filed.at(-1)).toEqual(result);
});

test('everything fails at the end of a failed drill: the first failure stands, and the others after it', async () => {
  const { result } = await conclude(leftBehind, {
    notify: failWith('NotificationFailed'),
    file: failWith('ReportNotFiled'),
    publish: failWith('MetricsFailed'),
  });
  expect(result.failure).toMatchObject({ phase: 'CheckTeardown', error: 'TeardownFailed' });
  expect(result.otherFailures.map(({ error }) => error)).toEqual([
    'NotificationFailed',
    'ReportNotFiled',
    'MetricsFailed',
    // The filed result lacks that, so filing was tried again.
    'ReportNotFiled',
  ]);
});

test('S3 throttles twice, then no more: filed after two pauses, and the drill passes', async () => {
  const filed: DrillResult[] = [];
  const file = failFirst(2, 'Throttled', async (document: DrillResult) => void filed.push(document));
  const { result, pauses } = await conclude(passed, { file });
  expect([result.verdict, pauses, filed]).toEqual(['passed', 2, [result]]);
});

test('S3 throttles again and again: the drill fails, and its result is kept', async () => {
  const { result, pauses } = await conclude(passed, { file: failWith('Throttled') });
  expect(result.failure).toMatchObject({ phase: 'ConcludeDrill', error: 'Throttled' });
  // Two between three attempts, and two more to file that the filing failed.
  expect(pauses).toBe(4);
});

test('however slow AWS is, with every call tried as often as it is: all endings fit into the time of the function', async () => {
  const { functions } = parse(await readFile('serverless.yml', 'utf8'), { logLevel: 'silent', merge: true });
  const { maxAttempts, requestHandler } = quickCalls;
  // The SDK waits less than a second between attempts.
  const callSeconds = maxAttempts * (requestHandler.requestTimeout / 1000 + 1);
  const callsOf = { telling: 1, filing: 6, counting: 1, filingAgain: 6 };
  const calls = Object.values(callsOf);
  // What storage was used is asked side by side, and not again.
  const seconds = calls.reduce((sum, count) => sum + retrySeconds + count * callSeconds, callSeconds);
  expect(seconds).toBeLessThan(functions.ConcludeDrill.timeout);
});

/** The reads and the size of both volumes, in two points each. */
const readVolumes: Metrics['read'] = async (series) =>
  series.map(({ name, cluster }) => {
    const value = (name === 'VolumeBytesUsed' ? 2 ** 40 : 1000) * (cluster === target ? 1 : 2);
    return [
      { at: at('08:20'), value },
      { at: at('08:25'), value },
    ];
  });

test('CloudWatch tells what storage was used: counted, and priced', async () => {
  const { result, warnings } = await conclude(passed, { read: readVolumes });
  expect(result.cost.used.volume).toEqual({ copyReads: 2000, sourceReads: 4000, bytes: 2 ** 40 });
  expect(result.cost.assumptions.join()).toContain(
    'of the copy 2,000, of production during the baseline 4,000',
  );
  expect(warnings).toEqual([]);
});

test.each(['MetricsFailed', 'Throttled', 'AwsUnavailable'] as const)(
  'CloudWatch does not tell, by %s: the drill passes all the same, and the estimate says what it lacks',
  async (name) => {
    const { result, filed, pauses, warnings } = await conclude(passed, { read: failWith(name) });
    expect([result.verdict, filed.length, pauses]).toEqual(['passed', 1, 0]);
    expect(result.cost.assumptions).toContain('I/O is not counted: CloudWatch told no reads');
    expect(warnings).toEqual(['reading the use of storage failed']);
  },
);

test('the posture of the source: in the result, as it is filed', async () => {
  const asked: string[] = [];
  const known = { unknown: 'no posture has been filed yet' };
  const readPosture: ReadPosture = async (source) => {
    asked.push(source);
    return known;
  };
  const { result, filed } = await conclude(passed, { readPosture });
  expect(result).toMatchObject({ verdict: 'passed', posture: known });
  expect([asked, filed]).toEqual([['prod-aurora-main'], [result]]);
});

test('a drill that failed before it knew its source: nobody is asked for a posture', async () => {
  const readPosture = failWith('AccessDenied');
  const { result } = await conclude(makeDrillStoppedIn('PrepareDrill', { Error: 'UnknownPlan' }), {
    readPosture,
  });
  expect(result.posture).toBeNull();
});

describe('dry run of a plan', () => {
  const { PrepareDrill: drill, ...state } = makePassedDrill();
  const { checks } = drill;
  const dryRunWith = (wanted: typeof checks): DrillState => ({
    ...dropPhases(
      state,
      'RestoreCluster',
      'CheckCluster',
      'AddWriter',
      'CheckWriter',
      'VerifyRestore',
      'TearDown',
      'CheckTeardown',
    ),
    PrepareDrill: { ...drill, dryRun: true, checks: wanted },
  });
  const ahead = 'checksum: full reads every page of the checked tables';
  const orders = { 'public.orders': { checksum: 'full' as const } };

  test.each([
    ['with full checksums', { ...checks, checksum: 'full' as const }],
    ['with full checksums of one table', { ...checks, checksum: 'none' as const, overrides: orders }],
  ])('%s: it says what a drill will read, and for how much', async (_plan, wanted) => {
    const { result } = await conclude(dryRunWith(wanted), { read: readVolumes });
    // Production is of 2 TiB.
    expect(result.cost.assumptions.at(-1)).toMatch(
      `${ahead}, of production twice and of the copy once: at most 805,306,368 reads`,
    );
  });

  test('without full checksums: nothing of it', async () => {
    const { result } = await conclude(dryRunWith({ ...checks, checksum: 'sampled' }), { read: readVolumes });
    expect(result.cost.assumptions.join()).not.toContain(ahead);
  });
});
