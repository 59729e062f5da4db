import { readFile, writeFile } from 'node:fs/promises';
import type { BacktrackWindow } from '../../shared/aurora/backtrack-window.ts';
import type { DrillResult } from '../../shared/drill/document.ts';
import type { Failure } from '../../shared/drill/failure.ts';
import { phases } from '../../shared/drill/state.ts';
import { errorCatalog } from '../../shared/errors.ts';
import { buildExtract } from '../../shared/extraction/document.ts';
import { nameFailure } from '../../shared/job/failure.ts';
import { describeBadEnd } from '../../shared/messages/bad-end.ts';
import { describeOutcome, describeTeardownFailure } from '../../shared/messages/drill.ts';
import { describeExtract } from '../../shared/messages/extract.ts';
import {
  type Message,
  type Origin,
  toChat,
  toMachine,
  toSubject,
  toText,
} from '../../shared/messages/message.ts';
import { describePosture } from '../../shared/messages/posture.ts';
import { describeRecovery } from '../../shared/messages/recovery.ts';
import { describeRehearsal } from '../../shared/messages/rehearsal.ts';
import { describeRewind } from '../../shared/messages/rewind.ts';
import { describeBadRewind } from '../../shared/messages/rewind-bad-end.ts';
import { describeRecovered, describeShrunk } from '../../shared/monitors/backtrack-message.ts';
import { describeReadiness } from '../../shared/monitors/readiness-message.ts';
import { listChanges } from '../../shared/posture/changes.ts';
import { buildRecovery } from '../../shared/recovery/document.ts';
import { buildRehearsal } from '../../shared/rehearsal/document.ts';
import { planFolder } from '../../shared/report/place.ts';
import { buildRewind } from '../../shared/rewind/document.ts';
import { checkReadiness } from '../../shared/rewind/preflight.ts';
import { listObstacles } from '../../shared/rewind/readiness.ts';
import { extractExample } from './extract-example.ts';
import { cleanPosture, firstPosture, secondPosture } from './posture-example.ts';
import { recoveryExample } from './recovery-example.ts';
import { saferExample, storyExample } from './rehearsal-example.ts';
import {
  exampleFacts,
  judgeExample,
  nothingRewound,
  readyExample,
  rewindExample,
  stoppedExample,
} from './rewind-example.ts';

/** Examples on this page are made here, each from the comment that names it to the end of its block. */
export const monitorsPage = 'docs/monitors.md';

const origin: Origin = {
  account: '123456789012',
  region: 'eu-west-1',
  runbookUrl: 'https://wiki.example.com/aurora-drills/runbook',
};

const window: BacktrackWindow = {
  cluster: 'prod-mysql',
  targetSeconds: 86_400,
  actualSeconds: 33_120,
  earliestTime: '2026-11-20T02:48:00Z',
  at: '2026-11-20T12:00:00Z',
};

const history = {
  since: { at: '2026-11-20T09:15:00Z', isOrEarlier: false },
  rate: { now: 1_240_000, dayBefore: 400_000 },
};

const fail = (phase: Failure['phase'], error: keyof typeof errorCatalog, cause: string): Failure => ({
  phase,
  error,
  cause,
  hint: errorCatalog[error].hint,
});

const aborted = describeBadEnd(
  {
    arn: 'arn:aws:states:eu-west-1:123456789012:execution:aurora-drills-prod:schedule-6f1c2d3e',
    name: 'schedule-6f1c2d3e',
    status: 'ABORTED',
    input: '{"plan":"prod-aurora-main"}',
    startedAt: null,
    error: null,
    cause: null,
  },
  'prod-aurora-main',
  '2026-11-16T08:20:11Z',
);

/** The drill of docs/result.md, as it went and as it might have gone. */
const readDrills = async (): Promise<Message[]> => {
  const page = await readFile('docs/result.md', 'utf8');
  const shown: DrillResult = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
  // The page shows three phases. The drill went through all of them.
  const span = { startedAt: shown.startedAt, endedAt: shown.endedAt, seconds: 0 };
  const passed = { ...shown, phases: phases.map((name) => ({ name, ...span })) };
  const reasons = {
    rows: '4,502 rows missing, 90 allowed',
    checksum: 'id from 18752 to before 37503 (4,502 of 18,750 rows missing)',
  };
  const checks = passed.checks.map((check) => {
    const reason = check.kind === 'rows' || check.kind === 'checksum' ? reasons[check.kind] : null;
    return reason === null ? check : { ...check, verdict: 'failed' as const, reason };
  });
  const failure = fail('VerifyRestore', 'ChecksFailed', `rows public.orders: ${reasons.rows}, and 1 more`);
  const teardown = fail(
    'CheckTeardown',
    'TeardownFailed',
    `${passed.target}-writer has been deleting for an hour`,
  );
  const left: DrillResult = {
    ...passed,
    teardown: { status: 'failed', deleted: [] },
    resources: passed.resources.map((resource) => ({ ...resource, deletedAt: null })),
  };
  const place = `s3://aurora-drills-prod-reports/${planFolder(passed)}/report.html`;
  return [
    describeOutcome(passed, place),
    describeOutcome({ ...passed, verdict: 'failed', failure, checks }, place),
    describeTeardownFailure(left, teardown, place),
  ];
};

const recoveryPlace = 's3://aurora-drills-prod-reports/shop/2026-11-19/5e6f7a8b/report.html';
const nothingMade = { cluster: null, readers: [], changes: null, tests: [], settings: [], resources: [] };

/** The same recovery as it went, as it might have gone, and as advice alone. */
const recoveries = [
  recoveryExample,
  {
    ...recoveryExample,
    tests: recoveryExample.tests.map((test, index) =>
      index === 0
        ? test
        : { ...test, actual: '12', verdict: 'failed' as const, reason: 'the answer differs' },
    ),
  },
  {
    ...recoveryExample,
    ...nothingMade,
    dryRun: true,
    restore: { ...recoveryExample.restore, reached: null },
  },
].map((outcome) => describeRecovery(buildRecovery(outcome), recoveryPlace));

const rehearsalPlace = 's3://aurora-drills-prod-reports/shop/2026-11-19/7a8b9c0d/report.html';
const notRun = { clone: null, measured: null, phases: [], resources: [] };

/** A change that blocks, its safer form, one that could not be rehearsed, and a dry run. */
const rehearsals = [
  storyExample,
  saferExample,
  {
    ...storyExample,
    ...notRun,
    failures: [
      nameFailure(
        'AddWriter',
        'CapacityUnavailable',
        'add instance drill-shop-7a8b9c0d-writer: InsufficientDBInstanceCapacityFault',
      ),
    ],
  },
  { ...storyExample, ...notRun, dryRun: true },
].map((outcome) => describeRehearsal(buildRehearsal(outcome), rehearsalPlace));

const extractPlace = 's3://aurora-drills-prod-reports/shop/2026-11-20/3c4d5e6f/report.html';
const { sandbox: extractSandbox } = extractExample;

/** The same extract as it went, as it might have gone, and as a dry run. */
const extracts = [
  extractExample,
  {
    ...extractExample,
    sandbox: extractSandbox && { ...extractSandbox, state: 'incomplete' as const },
    tables: extractExample.tables
      .slice(0, 1)
      .map((table) => ({ ...table, rows: 527_104, bytes: 139_460_608, ranges: { done: 7, all: 16 } })),
    checks: [],
    changes: null,
    failures: [
      nameFailure('CopyTables', 'DatabaseFailure', 'public.orders: no space left on device (53100)'),
    ],
  },
  {
    ...extractExample,
    dryRun: true,
    sandbox: extractSandbox && { ...extractSandbox, state: 'not made' as const },
    copy: null,
    tables: extractExample.tables
      .slice(0, 1)
      .map((table) => ({ ...table, leftOut: [], rows: null, bytes: null, ranges: null })),
    checks: [],
    changes: null,
    resources: [],
  },
].map((outcome) => describeExtract(buildExtract(outcome), extractPlace));

const rewindPlace = 's3://aurora-drills-prod-reports/shop/2026-11-19/4d5e6f7a/report.html';
const withBinlog = {
  ...exampleFacts,
  binlog: { value: { isOn: true, seenBy: 'server' as const, consumers: ['debezium at 10.0.0.7'] } },
};
const blocked = judgeExample(withBinlog);

/** A pre-flight, a blocked one, the rewind, one to another time, and one that failed. */
const rewinds = [
  readyExample,
  {
    ...readyExample,
    preflight: blocked,
    code: null,
    failures: [
      nameFailure(
        'CheckReadiness',
        'RewindBlocked',
        blocked === null ? '' : listObstacles(blocked).join('; '),
      ),
    ],
  },
  rewindExample,
  { ...rewindExample, restore: { ...rewindExample.restore, reached: '2026-11-19T02:50:07Z' } },
  {
    ...rewindExample,
    ...nothingRewound,
    clone: rewindExample.clone,
    resources: rewindExample.resources,
    backtrack: rewindExample.backtrack && { ...rewindExample.backtrack, status: 'failed' },
    failures: [nameFailure('CheckRewind', 'RewindFailed', 'RDS calls the rewind failed')],
  },
].map((outcome) => describeRewind(buildRewind(outcome), rewindPlace));

const watchedAt = '2026-11-20T12:05:00Z';
const readinesses = [withBinlog, exampleFacts].map((facts) =>
  describeReadiness('shop', checkReadiness(facts, { to: null, now: watchedAt }), watchedAt),
);

const postures = [
  [firstPosture, secondPosture],
  [secondPosture, cleanPosture],
].map(([before = null, document = cleanPosture]) =>
  describePosture(listChanges(before, document), {
    document,
    isFirst: false,
    reportPlace: 's3://aurora-drills-prod-reports/posture.html',
  }),
);

/** Every block, by the name in its comment. */
const makeExamples = async (): Promise<Map<string, string>> => {
  const shrunk = describeShrunk(window, history, '2026-11-20T11:57:00Z');
  const messages = [
    shrunk,
    describeRecovered({
      ...window,
      actualSeconds: 86_400,
      earliestTime: '2026-11-20T12:00:00Z',
      at: '2026-11-21T12:00:00Z',
    }),
    ...(await readDrills()),
    aborted,
    ...recoveries,
    ...rehearsals,
    ...extracts,
    ...rewinds,
    ...readinesses,
    ...postures,
  ];
  const block = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;
  const json = (form: object) => block('json', JSON.stringify(form, null, 2));
  const mail = (message: Message) => block('', `${toSubject(message)}\n\n${toText(message, origin)}`);
  return new Map([
    ...messages.map((message) => [`mail ${message.kind}`, mail(message)] as const),
    ['mail rewind-failed by a stop', mail(describeBadRewind(stoppedExample, '2026-11-19T03:15:00Z'))],
    [`chat ${shrunk.kind}`, json(toChat(shrunk, origin))],
    [`machine ${shrunk.kind}`, json(toMachine(shrunk, origin))],
  ]);
};

/** The page with every example as the code makes it now. @throws Error when it names an unknown one */
export const renderExamples = async (page: string): Promise<string> => {
  const examples = await makeExamples();
  return page.replace(/<!-- example: (.+?) -->\n```[\s\S]*?\n```/g, (_block, name: string) => {
    const example = examples.get(name);
    if (example === undefined) throw new Error(`${monitorsPage}: there is no example "${name}"`);
    return `<!-- example: ${name} -->\n${example}`;
  });
};

if (import.meta.main)
  await writeFile(monitorsPage, await renderExamples(await readFile(monitorsPage, 'utf8')));
