import { expect, test } from 'vitest';
import { addSeconds } from '../../../shared/instants.ts';
import { type Bound, checkCode, makeCode } from '../../../shared/rewind/code.ts';
import { makeBacktracking, makeFacts, now, to } from './facts-fixture.ts';

const bound: Bound = { facts: makeFacts(), to };
const code = makeCode(bound, now);
const later = addSeconds(now, 900);

test('the code of this pre-flight, up to 15 minutes later: good, though the window moves and others write', () => {
  expect(code).toMatch(/^20261119030000-[0-9a-f]{6}-[0-9a-f]{6}-[0-9a-f]{8}$/);
  const moved = makeFacts({
    source: { backtrack: { targetSeconds: 86_400, earliestTime: '2026-11-18T03:14:00Z' } },
    activity: { value: { writesPerSecond: 99, connections: 50 } },
  });
  for (const facts of [bound.facts, moved])
    expect(checkCode(code, { facts, to }, later)).toEqual({ isGood: true });
});

test('the same facts in another order: the same code', () => {
  const [one, other] = [makeBacktracking(), makeBacktracking({ identifier: 'bt-2' })];
  const made = makeCode({ facts: makeFacts({ backtracks: { value: [one, other] } }), to }, now);
  const facts = makeFacts({ backtracks: { value: [other, one] } });
  expect(checkCode(made, { facts, to }, later)).toEqual({ isGood: true });
});

const changed = `what is known of shop has changed since ${code}`;
const from = (facts: Bound['facts']): Partial<Bound> => ({ facts });

test.each<[title: string, code: string | null, bound: Partial<Bound>, at: string, reason: string]>([
  ['none', null, {}, now, 'a rewind of shop has to be confirmed with a code'],
  ['something else', 'yes', {}, now, '"yes" is no code of a pre-flight'],
  [
    'old by a second',
    code,
    {},
    addSeconds(later, 1),
    `${code} is of 2026-11-19 03:00:00 UTC, and a code holds for 15 minutes`,
  ],
  ['of the future', code, {}, addSeconds(now, -1), `${code} is of no time before 2026-11-19 02:59:59 UTC`],
  [
    'of no time at all',
    code.replace('20261119', '20261399'),
    {},
    now,
    `${code.replace('20261119', '20261399')} is of no time before 2026-11-19 03:00:00 UTC`,
  ],
  [
    'of another time',
    code,
    { to: addSeconds(to, 1) },
    later,
    `${code} is of another time than 2026-11-19 02:50:01 UTC`,
  ],
  [
    'of another cluster',
    code,
    from(makeFacts({ source: { identifier: 'other' } })),
    later,
    `${code} is of another cluster than other`,
  ],
  [
    'of another cluster of that name',
    code,
    from(makeFacts({ source: { resourceId: 'cluster-NEW' } })),
    later,
    `${code} is of another cluster than shop`,
  ],
  [
    'its time put forward',
    code.replace('030000', '030100'),
    {},
    later,
    `${code.replace('030000', '030100')} is of another cluster than shop`,
  ],
  ['rewound since', code, from(makeFacts({ backtracks: { value: [makeBacktracking()] } })), later, changed],
  [
    'upgraded since',
    code,
    from(makeFacts({ upgrades: { value: [{ at: to, message: 'x' }] } })),
    later,
    changed,
  ],
  ['the status changed', code, from(makeFacts({ source: { status: 'modifying' } })), later, changed],
  ['in a Global Database since', code, from(makeFacts({ source: { globalCluster: 'w' } })), later, changed],
  [
    'in Blue/Green since',
    code,
    from(
      makeFacts({ blueGreens: { value: [{ identifier: 'b', source: 'shop', target: null, status: 'A' }] } }),
    ),
    later,
    changed,
  ],
  [
    'a binary log since',
    code,
    from(makeFacts({ binlog: { value: { isOn: true, seenBy: 'server', consumers: [] } } })),
    later,
    changed,
  ],
  [
    'another target window',
    code,
    from(makeFacts({ source: { backtrack: { targetSeconds: 3600, earliestTime: null } } })),
    later,
    changed,
  ],
])('a code that is %s: refused, and why', (_, typed, changes, at, reason) => {
  expect(checkCode(typed, { ...bound, ...changes }, at)).toEqual({ isGood: false, reason });
});
