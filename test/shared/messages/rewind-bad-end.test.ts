import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stoppedExample } from '../../../local/documents/rewind-example.ts';
import { type Message, toText } from '../../../shared/messages/message.ts';
import { type BadRewind, describeBadRewind } from '../../../shared/messages/rewind-bad-end.ts';
import { showRewindInput } from '../../../shared/rewind/input.ts';
import { expectDeliverable, origin } from './deliverable.ts';
import { at, badRewindMessages, listedAs, makeBadRewind, unlisted } from './rewind-bad-ends.ts';

const { typed, confirm, execution, traces } = stoppedExample;
const asked = { ...typed, restoreTo: typed.restoreTo ?? '' };
const same = showRewindInput(asked, confirm);
const fresh = showRewindInput(asked);
const look = 'aws rds describe-db-cluster-backtracks --db-cluster-identifier shop';
const tell = (end: BadRewind, now = at): Message => describeBadRewind(end, now);
/** What there is to start, one input each. */
const listInputs = ({ toDo }: Message) => toDo.flatMap((step) => /\{.*\}$/.exec(step)?.[0] ?? []);

test.each(Object.entries(badRewindMessages))('%s: deliverable, with one key for all', (_, message) => {
  expectDeliverable(message);
  expect(message.kind).toBe('rewind-failed');
  expect(message.dedupKey).toBe(badRewindMessages['rewind-stopped-running']?.dedupKey);
});

test.each([
  ['pending', 'is being rewound now', same],
  ['applying', 'is being rewound now', same],
  ['a new word', 'is being rewound now', same],
  ['completed', 'was rewound', same],
  ['failed', 'may not be rewound', fresh],
])('RDS calls it %s: production %s, and the input that follows', (status, fate, input) => {
  const message = tell(makeBadRewind({ rewind: listedAs(status) }));
  expect(message.title).toContain(`Rewind was stopped: shop ${fate}`);
  expect(message.happened.join()).toContain(`8f0c4f2e-7d1b-4c53-9a55-2b6f0a1c9d3e ${status}`);
  expect(listInputs(message)[0]).toBe(input);
  expect(message.toDo.join()).toContain(look);
});

test('no clone, no rewind: production was not asked, and the same input is good while its code holds', () => {
  const end = makeBadRewind({ clone: null, rewind: unlisted });
  const message = tell(end);
  expect(message.happened).toContain('shop was not asked to rewind: that comes after its clone.');
  expect(message.toDo.join()).not.toContain(look);
  expect(listInputs(message)).toEqual([same, fresh]);
  // The second is that of the recovery: without a code it reads the same.
  expect(listInputs(tell(end, '2026-11-19T03:15:01Z'))).toEqual([fresh, fresh]);
});

test('a clone, and no rewind listed: it may come, so look once more', () => {
  const message = tell(makeBadRewind({ rewind: unlisted }));
  expect(message.happened.join()).toContain('look once more in some minutes');
  expect(message.toDo.join()).toContain('never asks twice');
  expect(listInputs(message)).toEqual([same]);
});

test('the rewinds cannot be listed: the status tells, or nobody knows, with the command to look', () => {
  const rewind = { unread: 'list the rewinds of shop: Throttling' };
  const running = tell(makeBadRewind({ status: 'backtracking', rewind }));
  expect(running.title).toContain('shop is being rewound now');
  const unknown = tell(makeBadRewind({ rewind }));
  expect(unknown.happened).toContain(
    'Whether shop is rewound is not known: list the rewinds of shop: Throttling. Its status is available.',
  );
  expect(unknown.toDo.join()).toContain(look);
});

test('another rewind since: said, and the code is of no use', () => {
  const later = {
    identifier: 'x',
    to: at,
    from: null,
    requestedAt: '2026-11-19T05:00:00Z',
    status: 'pending',
  };
  const rewind = { ...listedAs('completed'), later };
  const message = tell(makeBadRewind({ rewind }));
  expect(message.happened.join()).toContain('another rewind since, at 2026-11-19 05:00:00 UTC');
  expect(listInputs(message)).toEqual([fresh]);
});

test('rewound to a later time: the damage may still be in it', () => {
  const to = (instant: string) => tell(makeBadRewind({ rewind: listedAs('completed', { to: instant }) }));
  expect(to('2026-11-19T02:50:01Z').happened.join()).toContain('the damage may still be in it');
  expect(to('2026-11-19T02:50:00.900Z').happened.join()).not.toContain('damage');
});

test('the clone: what it costs, and how to remove it', () => {
  const message = tell(makeBadRewind());
  const clone = 'recovered-shop-20261119030000-before-rewind';
  expect(message.happened.join()).toContain(
    `${clone}, ${clone}-writer stand, protected, and cost about 0.55 USD`,
  );
  expect(message.toDo.at(-1)).toContain(`--db-cluster-identifier ${clone} --no-deletion-protection`);
  expect(message.clusters).toEqual(['shop', clone]);
});

test('it failed, and has told so itself: the hint, the report, and no input to repeat it with', () => {
  const failed = {
    ...execution,
    status: 'FAILED' as const,
    error: 'TestsFailed',
    cause: 'checkout works: 12',
  };
  const rewind = listedAs('completed');
  const message = tell(
    makeBadRewind({ rewind }, { execution: failed, report: 's3://reports/x/report.html' }),
  );
  expect(message.happened[0]).toBe(
    'The rewind of shop to 2026-11-19 02:50:00 UTC failed by TestsFailed: checkout works: 12.',
  );
  expect(message.toDo).toContain('read its report, which has every way on');
  expect(listInputs(message)).toEqual([]);
  expect(message.facts).toContainEqual(['Report', 's3://reports/x/report.html']);
  // Its last state failed before it could file.
  expect(listInputs(tell(makeBadRewind({ rewind }, { execution: failed })))).toEqual([same]);
});

test('nothing of its input is known: the command alone', () => {
  const nothing = { plan: null, reason: null, dryRun: false, restoreTo: null, wish: {} };
  const end = { typed: nothing, confirm: null, source: null };
  const message = tell(makeBadRewind({ rewind: { unread: 'its input is not known' } }, end));
  expect(message.title).toContain('a plan that by-hand does not tell');
  expect(message.toDo.join()).toContain('--db-cluster-identifier CLUSTER');
  expect(listInputs(message)).toEqual([]);
});

test('inputs to be pasted are whole in a mail, however long the reason is', () => {
  const reason = '"'.repeat(500);
  const mail = toText(tell(makeBadRewind({}, { typed: { ...typed, reason } })), origin);
  expect(mail).toContain(showRewindInput({ ...asked, reason }, confirm));
});

test('any texts of any length: deliverable', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 5000 }),
      fc.constantFrom('pending', 'completed', 'failed'),
      (text, status) => {
        const name = text.slice(0, 63);
        const ended = { ...execution, name, status: 'FAILED' as const, error: text, cause: text };
        const clone = { cluster: name, instances: [name], restoreTo: null, costAnHour: null };
        const end = {
          execution: ended,
          typed: { ...typed, plan: name, reason: text.slice(0, 500) },
          confirm: text,
          source: name,
          report: text,
        };
        for (const rewind of [listedAs(status, { identifier: text }), { unread: text }])
          expectDeliverable(tell(makeBadRewind({ ...traces, clone, status: text, rewind }, end)));
      },
    ),
    { numRuns: 100 },
  );
});
