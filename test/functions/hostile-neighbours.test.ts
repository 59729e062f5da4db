import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkTeardown } from '../../functions/copy/check-teardown.ts';
import { tearDown } from '../../functions/copy/tear-down.ts';
import { sweepLeftovers } from '../../functions/monitors/sweep-leftovers.ts';
import type { Aurora, Cluster } from '../../shared/aurora/port.ts';
import type { DrillState } from '../../shared/drill/state.ts';
import type { DrillError } from '../../shared/errors.ts';
import { drillTags, jobId, tagsOf, targetNames } from '../../shared/job/names.ts';
import type { Teardown } from '../../shared/job/state.ts';
import { type SweepPorts, sweepOnce } from '../../shared/teardown/sweep.ts';
import { makeCluster } from '../shared/aurora/cluster-fixture.ts';
import { at, makeDrillUpTo, makePassedDrill } from '../shared/drill/state-fixture.ts';
import { testPrices } from '../shared/result/prices-fixture.ts';
import { failWith, makeInstance } from './fakes.ts';
import { type Held, makeHeldAurora, passTime } from './held-aurora.ts';

const numRuns = 600;
const now = at('11:00');
const source = 'prod-aurora-main';
const sourceResourceId = 'cluster-PRODMAIN';
const { execution, PrepareDrill: drill } = makePassedDrill();
const { cluster: target, writer } = drill.target;
const stateMachine = 'arn:aws:states:eu-west-1:111122223333:stateMachine:aurora-drills';
const ours = 'arn:aws:states:eu-west-1:111122223333:execution:aurora-drills:';
const executions = [execution.id, `${ours}by-hand`, `${ours.slice(0, -1)}-staging:by-hand`];

type Fleet = { held: Held[]; kept: string[] };

/** Names that resemble the exact one. The exact one comes often enough to meet other right or wrong things. */
const forms: ((exact: string) => string)[] = [
  ...Array.from({ length: 6 }, () => (exact: string) => exact),
  (exact) => exact.toUpperCase(),
  (exact) => `${exact}-2`,
  (exact) => `${exact}0`,
  (exact) => exact.slice(0, -1),
  (exact) => exact.replace(/[0-9a-f]{8}$/, 'deadbeef'),
  (exact) => exact.replace('drill-', ''),
  (exact) => `my-${exact}`,
  () => 'drill-',
  () => `drill-${source}`,
  () => 'promoted',
];
const statuses = ['available', 'available', 'creating', 'stopped', 'deleting', 'failed', 'reticulating'];
const expiries = [at('12:00'), at('11:00:01'), now, at('10:59:59'), 'never', ''];
const tagValues = [undefined, undefined, '', 'x', 'billing', target];
const seldom = fc.constantFrom(true, false, false, false, false);
const tagKeys = fc.constantFrom(...Object.values(drillTags));
const tagChanges = fc.dictionary(tagKeys, fc.constantFrom(...tagValues), { minKeys: 1 });
const ofAnother = fc.constantFrom(...executions).map((one) => ({ [drillTags.execution]: one }));

/** A drill's own cluster, or one that lacks one or several of its marks. */
const neighbour: fc.Arbitrary<Held> = fc
  .record({
    named: fc.constantFrom(...executions),
    form: fc.constantFrom(...forms),
    tagged: fc.constantFrom(null, null, null, null, null, ...executions),
    changes: fc.oneof(fc.constant({}), fc.constant({}), tagChanges, ofAnother),
    expires: fc.constantFrom(...expiries),
    isSource: seldom,
    state: fc.record({ status: fc.constantFrom(...statuses), isProtected: seldom }),
    members: fc.array(fc.constantFrom(...statuses), { maxLength: 3 }),
  })
  .map(({ named, form, tagged, changes, expires, isSource, state, members }) => {
    const identifier = form(targetNames(source, jobId(named)).cluster);
    const carried = tagged ?? named;
    const whole = tagsOf({ kind: 'drill', id: jobId(carried), source, execution: carried, expires });
    const entries = Object.entries({ ...whole, ...changes });
    const tags = Object.fromEntries(entries.filter((tag): tag is [string, string] => tag[1] !== undefined));
    const identity = isSource ? { resourceId: sourceResourceId } : {};
    return {
      cluster: makeCluster({ identifier, tags, ...state, ...identity }),
      instances: members.map((status) => makeInstance('', { status, cluster: identifier })),
    };
  });

/** Up to eight of them, mostly around the source itself. `kept` is a plan's source with a drill's kind of name. */
const fleets: fc.Arbitrary<Fleet> = fc
  .tuple(
    fc.uniqueArray(neighbour, { minLength: 3, maxLength: 8, selector: ({ cluster }) => cluster.identifier }),
    fc.boolean(),
    fc.option(fc.nat(3), { freq: 2, nil: 8 }),
  )
  .map(([neighbours, isSourceThere, keptIndex]) => {
    const itself = { cluster: makeCluster(), instances: [makeInstance('', { cluster: source })] };
    const held = isSourceThere ? [itself, ...neighbours] : neighbours;
    // The very first instance has our writer's name, whatever its cluster.
    const members = held.flatMap(({ instances }) => instances);
    for (const [n, instance] of members.entries()) instance.identifier = n === 0 ? writer : `i-${n}`;
    return {
      held,
      kept: neighbours.slice(keptIndex, keptIndex + 1).map(({ cluster }) => cluster.identifier),
    };
  });

/** Aurora with this fleet. `touched` names the cluster of every requested change. */
const makeWatchedAurora = (held: Held[], isListVague = false) => {
  const touched: string[] = [];
  const aurora = makeHeldAurora(held, (_verb, name, cluster) => touched.push(cluster ?? `nobody's ${name}`));
  const listClusters = async () => ({
    clusters: held.map(({ cluster }) => ({ ...cluster, ...(isListVague && { resourceId: null }) })),
    unreadable: [],
  });
  return { aurora: { ...aurora, listClusters }, touched };
};

/** The drill's execution that a cluster's name and tags agree on, or null. Worked out without the guard. */
const readAgreed = ({ identifier, tags }: Cluster): string | null => {
  const named = tags[drillTags.execution] ?? '';
  const id = createHash('sha256').update(named).digest('hex').slice(0, 8);
  const isAgreed = tags[drillTags.drill] === id && tags[drillTags.source] === source;
  return isAgreed && identifier === `drill-${source}-${id}` ? named : null;
};

/** In capitals or not: RDS keeps identifiers in lower case, whatever a plan says. */
const isKept = ({ identifier, resourceId }: Cluster, kept: readonly string[]): boolean => {
  const names = kept.map((name) => name.toLowerCase());
  return names.includes(identifier.toLowerCase()) || names.includes(resourceId?.toLowerCase() ?? '');
};
const looksAlike = ({ identifier }: Cluster): boolean =>
  identifier !== target && identifier.toLowerCase().includes(target.slice(0, -1));
const isRenamedSource = ({ identifier, resourceId }: Cluster): boolean =>
  identifier !== source && resourceId === sourceResourceId;

/** Counts the fleets that a property is about: it must not hold only because there are none. */
const makeCounter = () => {
  const counts: Record<string, number> = {};
  const count = (seen: Record<string, boolean>) => {
    for (const [what, isSo] of Object.entries(seen)) counts[what] = (counts[what] ?? 0) + Number(isSo);
  };
  return { counts, count };
};
const expectNoneRare = (counts: Record<string, number>) =>
  expect(Object.entries(counts).filter(([, seen]) => seen < numRuns / 200)).toEqual([]);

/** The teardown of our drill until it settles, a minute a pass. */
const tearDownFully = async (
  held: Held[],
  aurora: Aurora,
  kept: string[],
  isOwn: (one: Cluster) => boolean,
) => {
  const state: DrillState = {
    ...makeDrillUpTo('NotifyResult'),
    PrepareDrill: { ...drill, neverDeleted: kept },
  };
  let minutes = 0;
  const clock = () => new Date(Date.parse(at('08:25')) + minutes * 60_000);
  let last: Teardown = await tearDown(state, { aurora, teardownMinutes: 60, now: clock });
  while (last.status === 'pending' && minutes < 30) {
    minutes += 1;
    passTime(held, isOwn);
    state.TearDown = { ...makePassedDrill().TearDown, ...last };
    last = await checkTeardown(state, { aurora, now: clock });
  }
  return last;
};

test('any neighbours: a teardown touches its own cluster alone, which is gone at the end', async () => {
  const { counts, count } = makeCounter();
  await fc.assert(
    fc.asyncProperty(fleets, async ({ held, kept: others }) => {
      const kept = [...drill.neverDeleted, ...others];
      const isOwn = (cluster: Cluster) => readAgreed(cluster) === execution.id && !isKept(cluster, kept);
      const strangers = structuredClone(held.filter(({ cluster }) => !isOwn(cluster)));
      const found = held.find(({ cluster }) => cluster.identifier === target)?.cluster;
      const isRefused = found !== undefined && !isOwn(found);
      count({
        'our own': found !== undefined && !isRefused,
        'another under our name': isRefused,
        'the source of another plan under our name': isRefused && others.includes(target),
        'a source renamed to our name, with our tags': held.some(
          ({ cluster }) => isRenamedSource(cluster) && readAgreed(cluster) === execution.id,
        ),
        'a look-alike': held.some(({ cluster }) => looksAlike(cluster)),
        'copied tags': strangers.some(({ cluster }) => cluster.tags[drillTags.drill] === drill.id),
      });

      const { aurora, touched } = makeWatchedAurora(held);
      const outcome = await tearDownFully(held, aurora, kept, isOwn).catch((error: DrillError) => error);

      expect(touched.filter((name) => name !== target || isRefused)).toEqual([]);
      expect(outcome).toMatchObject(isRefused ? { name: 'TeardownRefused' } : { status: 'ready' });
      expect(held).toEqual(strangers);
    }),
    { numRuns },
  );
  expectNoneRare(counts);
});

const word = fc.constantFrom('running', 'ended', 'gone', 'throttled');
const standings = fc.oneof(fc.tuple(word, word), fc.constant<string[]>(['running', 'running']));
const database = { name: 'app', user: 'drill_reader' };
const plans = JSON.stringify({ plans: { main: { source, database }, b: { source: 'billing', database } } });

/** The function itself, or the sweep inside it: some clusters must stay although no plans.yml can name them. */
const sweep = (isFunction: boolean, ports: SweepPorts, kept: string[]) =>
  isFunction
    ? sweepLeftovers(
        { source: 'aws.scheduler' },
        {
          ...ports,
          aurora: { ...ports.aurora, listBacktracks: async () => [] },
          metrics: { publish: async () => {} },
          notify: failWith('NotificationFailed'),
          reports: { read: async () => null },
          placeOf: (key) => key,
          readPlans: async () => plans,
          stateMachineArns: () => [stateMachine],
          recoverMachineArn: () => `${stateMachine}-recover`,
          rewindMachineArn: () => `${stateMachine}-rewind`,
          prices: () => testPrices,
          now: () => new Date(now),
        },
      )
    : sweepOnce({ stateMachineArns: [stateMachine], neverDeleted: kept, now }, false, ports);

test('any neighbours, however executions stand: sweeps touch what ended or expired alone, and all of it is gone', async () => {
  const { counts, count } = makeCounter();
  const property = async (fleet: Fleet, stands: string[], isFunction: boolean, isListVague: boolean) => {
    // A plan knows its source only by name. If one has a drill's exact name and tags, only `kept` can save it.
    const isBeyond = (one: Cluster) => isFunction && isRenamedSource(one) && readAgreed(one) !== null;
    const held = fleet.held.filter(({ cluster }) => !isBeyond(cluster));
    const kept = isFunction ? [source, 'billing'] : [source, sourceResourceId, ...fleet.kept];
    const standOf = (asked: string) => stands[executions.indexOf(asked)] ?? 'throttled';
    const isLeft = (cluster: Cluster) => {
      const agreed = readAgreed(cluster);
      if (!agreed?.startsWith(ours) || isKept(cluster, kept) || cluster.isProtected) return false;
      const isExpired = Date.parse(cluster.tags[drillTags.expires] ?? '') <= Date.parse(now);
      return isExpired || ['ended', 'gone'].includes(standOf(agreed));
    };
    const strangers = structuredClone(held.filter(({ cluster }) => !isLeft(cluster)));
    const orphans = held.filter(({ cluster }) => isLeft(cluster)).map(({ cluster }) => cluster.identifier);
    const standing = strangers.map(({ cluster }) => cluster);
    const agreed = standing.filter((one) => readAgreed(one) !== null);
    count({
      'an orphan whose execution ended': orphans.length > 0 && stands.includes('ended'),
      'an orphan though its execution runs': orphans.length > 0 && !/ended|gone/.test(stands.join()),
      'one whose execution runs or is not told': agreed.some((one) => readAgreed(one)?.startsWith(ours)),
      'one of another state machine': agreed.some((one) => !readAgreed(one)?.startsWith(ours)),
      'one that somebody protects': agreed.some((one) => one.isProtected),
      'a look-alike': standing.some(looksAlike),
      'a renamed source': standing.some(isRenamedSource),
      'one that only its resource id saves': agreed.some(isRenamedSource),
      'one that only its name in a plan saves': agreed.some((one) => kept.includes(one.identifier)),
    });

    const { aurora, touched } = makeWatchedAurora(held, isListVague);
    const asked: string[] = [];
    const findStatus = async (one: string) => {
      asked.push(one);
      return standOf(one) === 'throttled' ? failWith('Throttled')() : (standOf(one) as 'running');
    };
    for (let round = 0; round < 5; round += 1) {
      const done = sweep(isFunction, { aurora, executions: { findStatus } }, kept);
      await done.catch((error) => expect(error).toMatchObject({ name: 'SweepIncomplete' }));
      passTime(held, isLeft);
    }
    expect(touched.filter((name) => !orphans.includes(name))).toEqual([]);
    expect(asked.filter((one) => !one.startsWith(ours))).toEqual([]);
    expect(held).toEqual(strangers);
  };
  const bit = fc.boolean();
  await fc.assert(fc.asyncProperty(fleets, standings, bit, bit, property), { numRuns });
  expectNoneRare(counts);
});
