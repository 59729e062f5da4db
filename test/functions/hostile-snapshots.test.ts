import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkTeardown } from '../../functions/copy/check-teardown.ts';
import { tearDown } from '../../functions/copy/tear-down.ts';
import type { Aurora, Snapshot } from '../../shared/aurora/port.ts';
import type { DrillState } from '../../shared/drill/state.ts';
import type { DrillError } from '../../shared/errors.ts';
import type { ExecutionStatus } from '../../shared/job/executions.ts';
import { drillTags, jobId, tagsOf, targetNames } from '../../shared/job/names.ts';
import type { Teardown } from '../../shared/job/state.ts';
import { sweepOnce } from '../../shared/teardown/sweep.ts';
import { makeCluster, makeSnapshot } from '../shared/aurora/cluster-fixture.ts';
import { at, dropPhases, makeFreshDrill } from '../shared/drill/state-fixture.ts';
import { makeInstance } from './fakes.ts';
import { type Held, makeHeldAurora, passTime } from './held-aurora.ts';

const numRuns = 1000;
const now = at('11:00');
const source = 'prod-aurora-main';
const { execution, PrepareDrill: drill } = makeFreshDrill();
const { cluster: target, writer, snapshot: own } = targetNames(source, drill.id);
const stateMachine = 'arn:aws:states:eu-west-1:111122223333:stateMachine:aurora-drills';
const ours = 'arn:aws:states:eu-west-1:111122223333:execution:aurora-drills:';
const executions = [execution.id, `${ours}by-hand`, `${ours.slice(0, -1)}-staging:by-hand`];

/** Names that resemble the exact one. */
const forms: ((exact: string) => string)[] = [
  ...Array.from({ length: 6 }, () => (exact: string) => exact),
  (exact) => `${exact}-2`,
  (exact) => exact.slice(0, -1),
  (exact) => exact.replace('-snapshot', ''),
  (exact) => exact.replace('drill-', ''),
  (exact) => `rds:${exact}`,
  () => 'rds:prod-aurora-main-2026-11-16-02-10',
  () => 'awsbackup:job-0c1d2e3f',
  () => 'drill-before-migration',
];
const mostly = <Value>(usual: Value, ...others: Value[]) =>
  fc.constantFrom(usual, usual, usual, usual, ...others);
const tagChanges = fc.dictionary(
  fc.constantFrom(...Object.values(drillTags)),
  fc.constantFrom(undefined, '', 'x', 'billing'),
);

const neighbour: fc.Arbitrary<Snapshot> = fc
  .record({
    named: fc.constantFrom(...executions),
    form: fc.constantFrom(...forms),
    tagged: mostly(null, ...executions),
    changes: fc.oneof(fc.constant({}), fc.constant({}), tagChanges),
    expires: fc.constantFrom(at('12:00'), now, at('10:59:59'), 'never'),
    facts: fc.record({
      type: mostly('manual', 'automated', 'awsbackup'),
      isCopy: mostly(false, true),
      cluster: mostly(source, 'billing', target),
      status: mostly('available', 'creating', 'deleting', 'failed'),
    }),
  })
  .map(({ named, form, tagged, changes, expires, facts }) => {
    const carried = tagged ?? named;
    const whole = tagsOf({ kind: 'drill', id: jobId(carried), source, execution: carried, expires });
    const entries = Object.entries({ ...whole, ...changes });
    const tags = Object.fromEntries(entries.filter((tag): tag is [string, string] => tag[1] !== undefined));
    return makeSnapshot({ identifier: form(targetNames(source, jobId(named)).snapshot), tags, ...facts });
  });

const snapshotsOfFleet = fc.uniqueArray(neighbour, {
  minLength: 3,
  maxLength: 8,
  selector: ({ identifier }) => identifier,
});
/** Production, and perhaps what the drill has restored. */
const clustersOfFleet = fc.boolean().map((isStanding): Held[] => [
  { cluster: makeCluster(), instances: [makeInstance(`${source}-1`, { cluster: source })] },
  ...(isStanding
    ? [
        {
          cluster: makeCluster({ identifier: target, resourceId: 'cluster-COPY', tags: drill.tags }),
          instances: [makeInstance(writer)],
        },
      ]
    : []),
]);

/** The execution whose own snapshot this is, or null. Worked out without the guard. */
const readAgreed = ({ identifier, tags, type, isCopy, cluster }: Snapshot): string | null => {
  const named = tags[drillTags.execution] ?? '';
  const id = createHash('sha256').update(named).digest('hex').slice(0, 8);
  const isAgreed = tags[drillTags.drill] === id && tags[drillTags.source] === source;
  const isTaken = type === 'manual' && !isCopy && cluster === source;
  return isAgreed && isTaken && identifier === `drill-${source}-${id}-snapshot` ? named : null;
};

const isNamedAsOwn = ({ identifier }: Snapshot): boolean => identifier === own;

/** Some minutes later, for snapshots that may change. */
const passTimeOf = (snapshots: Snapshot[], mayChange: (one: Snapshot) => boolean): void => {
  for (const one of snapshots.splice(0)) {
    if (mayChange(one) && one.status === 'deleting') continue;
    if (mayChange(one) && one.status === 'creating') one.status = 'available';
    snapshots.push(one);
  }
};

const watch = (held: Held[], snapshots: Snapshot[]) => {
  const touched: string[] = [];
  const aurora = makeHeldAurora(held, (verb, name) => void touched.push(`${verb} ${name}`), snapshots);
  return { aurora, touched: () => touched.filter((call) => call.startsWith('deleteSnapshot')) };
};

/** A property must not hold only because nothing of the kind came up. */
const makeCounter = () => {
  const counts: Record<string, number> = {};
  const count = (seen: Record<string, boolean>) => {
    for (const [what, isSo] of Object.entries(seen)) counts[what] = (counts[what] ?? 0) + Number(isSo);
  };
  const expectNoneRare = () =>
    expect(Object.entries(counts).filter(([, seen]) => seen < numRuns / 200)).toEqual([]);
  return { count, expectNoneRare };
};

/** The teardown of our drill until it settles, a minute a pass. */
const tearDownFully = async (aurora: Aurora, wait: () => void): Promise<Teardown> => {
  const state: DrillState = dropPhases(makeFreshDrill(), 'TearDown', 'CheckTeardown');
  let minutes = 0;
  const clock = () => new Date(Date.parse(at('08:25')) + minutes * 60_000);
  let last: Teardown = await tearDown(state, { aurora, teardownMinutes: 60, now: clock });
  while (last.status === 'pending' && minutes < 30) {
    minutes += 1;
    wait();
    state.TearDown = { ...makeFreshDrill().TearDown, ...last };
    last = await checkTeardown(state, { aurora, now: clock });
  }
  return last;
};

test('any snapshots and clusters: a teardown deletes its own snapshot alone, which is gone at the end', async () => {
  const { count, expectNoneRare } = makeCounter();
  await fc.assert(
    fc.asyncProperty(snapshotsOfFleet, clustersOfFleet, async (snapshots, held) => {
      const isOwn = (one: Snapshot) => readAgreed(one) === execution.id;
      const strangers = structuredClone(snapshots.filter((one) => !isOwn(one)));
      const found = snapshots.find(isNamedAsOwn);
      const isRefused = found !== undefined && !isOwn(found);
      count({
        'our own': snapshots.some(isOwn),
        'another under our name': isRefused,
        'an automated one under our name': found?.type === 'automated',
        'a copy under our name': found?.isCopy === true,
        'one of another cluster under our name': found !== undefined && found.cluster !== source,
        'copied tags': strangers.some(({ tags }) => tags[drillTags.drill] === drill.id),
        'no copy': held.length === 1,
      });
      const { aurora, touched } = watch(held, snapshots);
      const wait = () => {
        passTime(held, ({ identifier }) => identifier === target);
        passTimeOf(snapshots, isOwn);
      };
      const outcome = await tearDownFully(aurora, wait).catch((error: DrillError) => error);

      expect(outcome).toMatchObject(isRefused ? { name: 'TeardownRefused' } : { status: 'ready' });
      expect(touched().filter((call) => call !== `deleteSnapshot ${own}` || isRefused)).toEqual([]);
      expect(snapshots).toEqual(strangers);
    }),
    { numRuns },
  );
  expectNoneRare();
});

test('a drill that takes no snapshot: its teardown asks for none, whatever there is', async () => {
  const { copyKind: _, ...ofLog } = drill;
  const state = { ...dropPhases(makeFreshDrill(), 'TearDown', 'CheckTeardown'), PrepareDrill: ofLog };
  const snapshots = [makeSnapshot({ identifier: own, type: 'manual', tags: drill.tags })];
  const { aurora, touched } = watch([], snapshots);
  const clock = () => new Date(at('08:25'));
  await tearDown(state, { aurora, teardownMinutes: 60, now: clock });
  expect(touched()).toEqual([]);
});

const standings = fc.array(fc.constantFrom<ExecutionStatus>('running', 'ended', 'gone'), {
  minLength: 3,
  maxLength: 3,
});

test('any snapshots, however executions stand: sweeps delete what ended or expired alone, and all of it is gone', async () => {
  const { count, expectNoneRare } = makeCounter();
  await fc.assert(
    fc.asyncProperty(snapshotsOfFleet, standings, async (snapshots, stands) => {
      const standOf = (asked: string) => stands[executions.indexOf(asked)] ?? 'running';
      const isLeft = (one: Snapshot): boolean => {
        const agreed = readAgreed(one);
        if (!agreed?.startsWith(ours)) return false;
        const isExpired = Date.parse(one.tags[drillTags.expires] ?? '') <= Date.parse(now);
        return isExpired || standOf(agreed) !== 'running';
      };
      const strangers = structuredClone(snapshots.filter((one) => !isLeft(one)));
      const orphans = snapshots.filter(isLeft).map(({ identifier }) => `deleteSnapshot ${identifier}`);
      const agreed = strangers.filter((one) => readAgreed(one) !== null);
      count({
        'an orphan': orphans.length > 0,
        'one whose execution runs': agreed.some((one) => readAgreed(one)?.startsWith(ours)),
        'one of another state machine': agreed.some((one) => !readAgreed(one)?.startsWith(ours)),
        'one taken by hand under a name with drill-': strangers.some(
          ({ identifier }) => identifier === 'drill-before-migration',
        ),
        'an automated one': strangers.some(({ type }) => type === 'automated'),
      });
      const { aurora, touched } = watch([], snapshots);
      const scope = { stateMachineArns: [stateMachine], neverDeleted: [source], now };
      const ports = { aurora, executions: { findStatus: async (asked: string) => standOf(asked) } };
      for (let round = 0; round < 4; round += 1) {
        expect(await sweepOnce(scope, false, ports)).toMatchObject({ failed: [] });
        passTimeOf(snapshots, isLeft);
      }
      expect(touched().filter((call) => !orphans.includes(call))).toEqual([]);
      expect(snapshots).toEqual(strangers);
    }),
    { numRuns },
  );
  expectNoneRare();
});
