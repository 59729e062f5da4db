import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../shared/drill/failure.ts';
import { phases } from '../../../shared/drill/state.ts';
import { errorCatalog } from '../../../shared/errors.ts';
import { type BadEnd, describeBadEnd, type FiledVerdict } from '../../../shared/messages/bad-end.ts';
import { describeOutcome, describeTeardownFailure } from '../../../shared/messages/drill.ts';
import { type Message, messageKinds, toSnsForms, toSubject } from '../../../shared/messages/message.ts';
import { describeRecovered, describeShrunk } from '../../../shared/monitors/backtrack-message.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { makeFinding, makeResult } from '../drill/result-fixture.ts';
import { customNotification } from '../stack/chat-fixture.ts';
import { expectDeliverable, origin } from './deliverable.ts';
import { extractMessages } from './extract-messages.ts';
import { postureMessages } from './posture-messages.ts';
import { recoveryMessages } from './recovery-messages.ts';
import { rehearsalMessages } from './rehearsal-messages.ts';
import { badRewindMessages } from './rewind-bad-ends.ts';
import { rewindMessages } from './rewind-messages.ts';

const place = 's3://reports/shop/2026-11-19/1a2b3c4d/report.html';

const fail = (phase: Failure['phase'], error: keyof typeof errorCatalog, cause: string): Failure => ({
  phase,
  error,
  cause,
  hint: errorCatalog[error].hint,
});

const listChecks = (count: number, verdict: CheckResult['verdict']): CheckResult[] =>
  Array.from({ length: count }, (_, index) => ({
    ...makeFinding(`rows public.table_${index + 1}`, verdict),
    reason: verdict === 'failed' ? `${index + 7} rows missing, 1 allowed` : 'the counts are equal',
  }));

const begun = makeResult().phases;
const restored = phases
  .slice(0, phases.indexOf('NotifyResult'))
  .flatMap((name) => begun.map((phase) => ({ ...phase, name })));

/** A drill of the shop without a failure up to the notification. */
const passed = makeResult({
  verdict: 'passed',
  failure: null,
  trigger: { kind: 'schedule', reason: null },
  rpo: { seconds: 180, objectiveSeconds: 600, met: true },
  phases: restored,
  checks: listChecks(20, 'passed'),
});
const failed = (changes: Partial<typeof passed>) => ({ ...passed, verdict: 'failed' as const, ...changes });
/** For a drill that ended before its restore. */
const untouched = {
  phases: begun,
  checks: [],
  resources: [],
  teardown: { status: 'not-needed' as const, deleted: [] },
};
const unmeasured = { seconds: null, objectiveSeconds: 3600, met: null };

const describeEnd = (
  status: BadEnd,
  error: string | null,
  cause: string | null,
  filed: FiledVerdict | null = null,
) =>
  describeBadEnd(
    {
      arn: 'arn:aws:states:eu-west-1:123456789012:execution:aurora-drills-prod:schedule-6f1c2d3e',
      name: 'schedule-6f1c2d3e',
      input: '{"plan":"shop"}',
      startedAt: null,
      status,
      error,
      cause,
    },
    'shop',
    '2026-11-19T03:00:02Z',
    filed,
  );

const window = {
  cluster: 'prod-mysql',
  targetSeconds: 86_400,
  actualSeconds: 33_120,
  earliestTime: '2026-11-20T02:48:00Z',
  at: '2026-11-20T12:00:00Z',
};

const messages: Record<string, Message> = {
  ...recoveryMessages,
  ...rehearsalMessages,
  ...extractMessages,
  ...rewindMessages,
  ...badRewindMessages,
  ...postureMessages,
  'drill-passed': describeOutcome(passed, place),
  'drill-passed-partly-compared': describeOutcome(
    {
      ...passed,
      restore: { ...passed.restore, baseline: 'none' },
      rto: { seconds: 754, objectiveSeconds: null, met: null },
      checks: [...listChecks(4, 'passed'), ...listChecks(16, 'skipped')],
    },
    place,
  ),
  'drill-failed-checks': describeOutcome(
    failed({
      failure: fail(
        'VerifyRestore',
        'ChecksFailed',
        'rows public.table_1: 7 rows missing, 1 allowed, and 11 more',
      ),
      checks: [...listChecks(12, 'failed'), ...listChecks(8, 'passed')],
    }),
    place,
  ),
  'drill-failed-objectives': describeOutcome(
    failed({
      failure: fail('VerifyRestore', 'ObjectiveMissed', 'RTO 66 min 40 s, objective 60 min'),
      rto: { seconds: 4000, objectiveSeconds: 3600, met: false },
      rpo: { seconds: 720, objectiveSeconds: 600, met: false },
    }),
    place,
  ),
  'drill-failed-before-restore': describeOutcome(
    failed({
      failure: fail(
        'CaptureBaseline',
        'DatabaseUnreachable',
        'prod-shop.cluster-ro-c1a2b3.eu-west-1.rds.amazonaws.com:5432 did not answer within 10 s',
      ),
      ...untouched,
      rto: unmeasured,
    }),
    place,
  ),
  'drill-failed-dry-run': describeOutcome(
    failed({
      dryRun: true,
      failure: fail('CaptureBaseline', 'AccessDenied', 'drill_reader may not read public.orders'),
      restore: { ...passed.restore, restoreTo: null, baseline: 'none' },
      ...untouched,
      rto: unmeasured,
    }),
    place,
  ),
  'drill-failed-late': describeOutcome(
    failed({
      failure: fail(
        'VerifyRestore',
        'DeadlineExceeded',
        'verified at 2026-11-19T03:31:00Z, the deadline was 2026-11-19T03:30:00Z',
      ),
    }),
    place,
  ),
  'drill-failed-nothing-verified': describeOutcome(
    failed({
      failure: fail('VerifyRestore', 'NothingVerified', 'no check could be done'),
      checks: listChecks(20, 'skipped'),
    }),
    place,
  ),
  'drill-failed-told-to-pager-after-proof': describeEnd(
    'FAILED',
    'TeardownFailed',
    'drill-prod-shop-1a2b3c4d-writer has been deleting for an hour',
  ),
  'drill-failed-told-to-pager': describeEnd(
    'FAILED',
    'ChecksFailed',
    'rows public.orders: 4,502 rows missing, 90 allowed',
  ),
  'drill-aborted': describeEnd('ABORTED', null, null),
  'drill-aborted-after-verdict': describeEnd('ABORTED', null, null, {
    plan: 'shop',
    verdict: 'passed',
    failure: null,
    teardown: 'pending',
    report: 's3://reports/shop/2026-11-19/72127afb/report.html',
  }),
  'drill-aborted-timed-out': describeEnd('TIMED_OUT', 'States.Timeout', null),
  'teardown-failed': describeTeardownFailure(
    {
      ...passed,
      teardown: { status: 'failed', deleted: [] },
      resources: passed.resources.map((resource) => ({ ...resource, deletedAt: null })),
    },
    fail('CheckTeardown', 'TeardownFailed', 'drill-prod-shop-1a2b3c4d-writer has been deleting for an hour'),
    place,
  ),
  'backtrack-window-shrunk': describeShrunk(
    window,
    {
      since: { at: '2026-11-20T09:15:00Z', isOrEarlier: false },
      rate: { now: 1_240_000, dayBefore: 400_000 },
    },
    '2026-11-20T11:57:00Z',
  ),
  'backtrack-window-recovered': describeRecovered({
    ...window,
    actualSeconds: 86_400,
    earliestTime: '2026-11-20T12:00:00Z',
  }),
};

/** Every form of a message, one below the other, as readers see it. */
const show = (message: Message): string => {
  const { email, sms, https = '', default: machine = '' } = toSnsForms(message, origin);
  const sections = {
    subject: toSubject(message),
    sms,
    email,
    chat: JSON.stringify(JSON.parse(https), null, 2),
    machine: JSON.stringify(JSON.parse(machine), null, 2),
  };
  return Object.entries(sections)
    .map(([form, text]) => `=== ${form}\n${text}\n`)
    .join('\n');
};

test.each(Object.entries(messages))('%s: every form as its snapshot shows it', async (name, message) => {
  await expect(show(message)).toMatchFileSnapshot(`./__snapshots__/${name}.txt`);
});

test('every kind of message has a snapshot', () => {
  const kinds = new Set(Object.values(messages).map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(Object.keys(messageKinds).sort());
});

test.each(Object.entries(messages))('%s: a custom notification that chat takes', (_, message) => {
  const { https = '' } = toSnsForms(message, origin);
  expect(customNotification.safeParse(JSON.parse(https)).error).toBeUndefined();
});

describe('any drill with any number of findings of any text', () => {
  const anyText = fc
    .tuple(fc.string({ unit: 'binary', maxLength: 6 }), fc.nat(20_000))
    .map(([part, length]) => part.repeat(Math.ceil(length / Math.max(1, part.length))).slice(0, length));
  const anyObjective = fc.record({
    seconds: fc.option(fc.nat(10_000)),
    objectiveSeconds: fc.option(fc.nat(10_000)),
    met: fc.option(fc.boolean()),
  });
  const anyOutcome = fc
    .record({
      text: anyText,
      count: fc.constantFrom(0, 1, 10, 11, 3000),
      verdict: fc.constantFrom<CheckResult['verdict']>('passed', 'failed', 'skipped'),
      isFailed: fc.boolean(),
      plan: fc.option(fc.constantFrom('a', 'x'.repeat(40))),
      dryRun: fc.boolean(),
      rto: anyObjective,
      rpo: anyObjective,
    })
    .map(({ text, count, verdict, isFailed, ...changes }) => ({
      ...passed,
      ...changes,
      verdict: isFailed ? ('failed' as const) : ('passed' as const),
      failure: isFailed ? { ...fail('VerifyRestore', 'ChecksFailed', text), hint: text || 'look' } : null,
      checks: listChecks(count, verdict).map((check) => ({ ...check, name: text, reason: text })),
    }));

  test('its outcome: a subject that SNS takes, a notification that chat takes, and less than 256 KiB', () => {
    fc.assert(fc.property(anyOutcome, (outcome) => expectDeliverable(describeOutcome(outcome, place))));
  });

  test('its failed teardown: the same', () => {
    fc.assert(
      fc.property(anyOutcome, anyText, (outcome, cause) =>
        expectDeliverable(
          describeTeardownFailure(outcome, fail('TearDown', 'TeardownRefused', cause), place),
        ),
      ),
    );
  });

  test.each(['x', '"', '\\', '\n', '\u0000', '<', '&', '@', '世', '😀', '\ud800'])(
    '3,000 failed checks whose words are 20,000 times %j: the same, and the runbook is still there',
    (character) => {
      const text = character.repeat(20_000);
      const outcome = failed({
        failure: { ...fail('VerifyRestore', 'ChecksFailed', text), hint: text },
        checks: listChecks(3000, 'failed').map((check) => ({ ...check, name: text, reason: text })),
      });
      const message = describeOutcome(outcome, place);
      expectDeliverable(message);
      expect(toSnsForms(message, origin).https).toContain('#drill-failed');
    },
  );
});
