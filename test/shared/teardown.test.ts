import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Aurora, Cluster, Instance } from '../../shared/aurora.ts';
import { DrillError } from '../../shared/errors.ts';
import { drillTags, targetNames } from '../../shared/names.ts';
import { advanceTeardown, decideTeardown, findRefusal, mayStillAppear } from '../../shared/teardown.ts';
import { makeAurora } from '../functions/fakes.ts';
import { makeCluster } from './cluster-fixture.ts';
import { at, makePassedDrill } from './drill-state-fixture.ts';

const drill = makePassedDrill().PrepareDrill;
const { cluster: target, writer } = drill.target;
const progress = { earlier: [], deadline: at('09:25'), settledAt: null, now: at('08:25') };

const makeTarget = (changes: Partial<Cluster> = {}): Cluster =>
  makeCluster({ identifier: target, writer, tags: drill.tags, ...changes });
const makeInstance = (identifier: string, status = 'available'): Instance => ({
  identifier,
  status,
  instanceClass: 'db.serverless',
  parameterGroup: null,
});

/** One cluster and its instances in memory, refusing what RDS refuses. `calls` are the deletions asked for. */
const makeHeldAurora = (cluster: Cluster | undefined, ...instances: Instance[]) => {
  const held = {
    cluster: cluster && { ...cluster },
    instances: instances.map((instance) => ({ ...instance })),
  };
  const calls: string[] = [];
  const aurora = makeAurora({
    findCluster: async (identifier) =>
      held.cluster?.identifier === identifier ? { ...held.cluster } : undefined,
    listInstances: async () => held.instances.map((instance) => ({ ...instance })),
    deleteInstance: async (identifier) => {
      calls.push(identifier);
      const instance = held.instances.find((one) => one.identifier === identifier);
      if (instance === undefined) throw new DrillError('ClusterNotFound', `no instance ${identifier}`);
      if (instance.status === 'creating') throw new DrillError('InvalidClusterState', 'still creating');
      instance.status = 'deleting';
    },
    deleteCluster: async (identifier) => {
      calls.push(identifier);
      if (held.cluster?.identifier !== identifier)
        throw new DrillError('ClusterNotFound', `no ${identifier}`);
      if (held.instances.some(({ status }) => status !== 'deleting')) {
        throw new DrillError('InvalidClusterState', `${identifier} has instances`);
      }
      held.cluster.status = 'deleting';
    },
  });
  const finishDeletions = () => {
    held.instances = held.instances.filter(({ status }) => status !== 'deleting');
    if (held.cluster?.status === 'deleting') held.cluster = undefined;
  };
  return { aurora, held, calls, finishDeletions };
};

test.each([
  ['nothing', undefined, [], 'done'],
  ['cluster and writer', makeTarget(), [makeInstance(writer)], 'delete-instances'],
  ['cluster and a writer being deleted', makeTarget(), [makeInstance(writer, 'deleting')], 'delete-cluster'],
  ['a cluster alone', makeTarget(), [], 'delete-cluster'],
  ['a cluster that failed, alone', makeTarget({ status: 'incompatible-restore' }), [], 'delete-cluster'],
  ['a cluster being deleted', makeTarget({ status: 'deleting' }), [], 'wait'],
  ['an instance that outlives its cluster', undefined, [makeInstance(writer, 'deleting')], 'wait'],
  [
    'an instance in a cluster being deleted',
    makeTarget({ status: 'deleting' }),
    [makeInstance(writer)],
    'delete-instances',
  ],
] as const)('%s left: %s', (_, cluster, instances, action) => {
  expect(decideTeardown(cluster, [...instances]).action).toBe(action);
});

test('any cluster and instances: every standing instance goes before the cluster, and done means nothing', () => {
  const status = fc.constantFrom('available', 'creating', 'deleting', 'failed', 'reticulating');
  const cluster = fc.option(
    status.map((word) => makeTarget({ status: word })),
    { nil: undefined },
  );
  const instances = fc
    .array(status)
    .map((words) => words.map((word, index) => makeInstance(`i-${index}`, word)));
  fc.assert(
    fc.property(cluster, instances, (left, members) => {
      const next = decideTeardown(left, members);
      const standing = members
        .filter((member) => member.status !== 'deleting')
        .map((member) => member.identifier);
      expect(next.action === 'delete-instances' ? next.instances : []).toEqual(standing);
      expect(next.action === 'done').toBe(left === undefined && members.length === 0);
      expect(next.reason).not.toBe('');
    }),
  );
});

test("the drill's own cluster: no refusal", () => {
  expect(findRefusal(makeTarget(), drill)).toBeNull();
});

const others = targetNames(drill.source.identifier, 'ffffffff').cluster;
const tagged = (key: string, value: string) => makeTarget({ tags: { ...drill.tags, [key]: value } });

test.each([
  ['the source', makeCluster({ tags: drill.tags }), 'is the source of the drill'],
  ['a cluster without the prefix', makeTarget({ identifier: 'app' }), 'does not begin with drill-'],
  ["another drill's cluster", makeTarget({ identifier: others }), 'is not the name that drill'],
  ['a cluster named like ours and longer', makeTarget({ identifier: `${target}-2` }), 'is not the name'],
  ['a cluster without tags', makeTarget({ tags: {} }), '(no such tag)'],
  ["a cluster with another drill's id", tagged(drillTags.drill, 'ffffffff'), `${drillTags.drill}=ffffffff`],
  ['a copy of another source', tagged(drillTags.source, 'app'), `${drillTags.source}=app`],
  ['a cluster of another execution', tagged(drillTags.execution, 'arn:x'), `${drillTags.execution}=arn:x`],
])('%s: refused, with the reason', (_, cluster, reason) => {
  expect(findRefusal(cluster, drill)).toContain(reason);
});

test('the source, even if it carried the name and tags of a target: refused by identity', () => {
  const source = { ...drill.source, identifier: target };
  expect(findRefusal(makeTarget(), { ...drill, source })).toContain('is the source');
});

test.each([drillTags.drill, drillTags.source, drillTags.execution])(
  'the tag %s is missing: refused',
  (key) => {
    const { [key]: _, ...tags } = drill.tags;
    expect(findRefusal(makeTarget({ tags }), drill)).toContain(key);
  },
);

test('any other identifier with our tags: refused', () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (text, isPrefixed) => {
      const identifier = isPrefixed ? `drill-${text}` : text;
      fc.pre(identifier !== target);
      expect(findRefusal(makeTarget({ identifier }), drill)).not.toBeNull();
    }),
  );
});

test('a cluster that is not ours under our name: TeardownRefused, and nothing is deleted', async () => {
  const { aurora, calls } = makeHeldAurora(makeTarget({ tags: {} }), makeInstance(writer));
  await expect(advanceTeardown(aurora, drill, progress)).rejects.toMatchObject({ name: 'TeardownRefused' });
  expect(calls).toEqual([]);
});

test('cluster and writer: one pass asks for the instance, then the cluster; the next finds nothing left', async () => {
  const { aurora, calls, finishDeletions } = makeHeldAurora(makeTarget(), makeInstance(writer));
  const first = await advanceTeardown(aurora, drill, progress);
  expect(first).toMatchObject({
    status: 'pending',
    deadline: progress.deadline,
    resources: [writer, target],
  });
  expect(calls).toEqual([writer, target]);
  finishDeletions();
  const last = await advanceTeardown(aurora, drill, { ...progress, earlier: first.resources });
  expect(last).toMatchObject({ status: 'ready', resources: [writer, target] });
});

test('an instance that somebody else added: deleted too, and reported', async () => {
  const { aurora, calls } = makeHeldAurora(
    makeTarget(),
    makeInstance(writer),
    makeInstance('autoscaled-reader'),
  );
  const { resources } = await advanceTeardown(aurora, drill, progress);
  expect(calls).toEqual([writer, 'autoscaled-reader', target]);
  expect(resources).toEqual([writer, 'autoscaled-reader', target]);
});

test('nothing was made: ready at once, with nothing to report', async () => {
  const { aurora, calls } = makeHeldAurora(undefined);
  expect(await advanceTeardown(aurora, drill, progress)).toMatchObject({ status: 'ready', resources: [] });
  expect(calls).toEqual([]);
});

test('being deleted already: waits and asks for nothing twice', async () => {
  const deleting = makeTarget({ status: 'deleting' });
  const { aurora, calls } = makeHeldAurora(deleting, makeInstance(writer, 'deleting'));
  expect((await advanceTeardown(aurora, drill, progress)).status).toBe('pending');
  expect(calls).toEqual([]);
});

test('an instance that cannot be deleted yet: left to the next pass, until the deadline', async () => {
  const { aurora } = makeHeldAurora(makeTarget(), makeInstance(writer, 'creating'));
  expect((await advanceTeardown(aurora, drill, progress)).status).toBe('pending');
  const tooLate = await advanceTeardown(aurora, drill, { ...progress, now: at('09:25:01') });
  expect(tooLate).toMatchObject({ status: 'failed', error: 'DeadlineExceeded' });
  expect(tooLate.reason).toContain(writer);
});

test('an instance gone between the look and the deletion: a success', async () => {
  const { aurora, held, calls } = makeHeldAurora(makeTarget(), makeInstance(writer));
  const listInstances = async () => held.instances.splice(0);
  const { status } = await advanceTeardown({ ...aurora, listInstances }, drill, progress);
  expect(status).toBe('pending');
  expect(calls).toEqual([writer, target]);
});

test('nothing left, but found so after the deadline: ready', async () => {
  const { aurora } = makeHeldAurora(undefined);
  expect((await advanceTeardown(aurora, drill, { ...progress, now: at('23:00') })).status).toBe('ready');
});

test.each(['AccessDenied', 'Throttled', 'RequestRefused'] as const)(
  'a deletion answered with %s: the error passes through, for Retry and Catch',
  async (name) => {
    const { aurora } = makeHeldAurora(makeTarget(), makeInstance(writer));
    const deleteInstance = async () => {
      throw new DrillError(name, `delete ${writer}`);
    };
    await expect(advanceTeardown({ ...aurora, deleteInstance }, drill, progress)).rejects.toMatchObject({
      name,
    });
  },
);

test.each([1, 2, 3, 4])(
  'a pass interrupted at its call %i: the passes after it leave nothing',
  async (limit) => {
    const { aurora, held, finishDeletions } = makeHeldAurora(makeTarget(), makeInstance(writer));
    let made = 0;
    const interrupted = new Proxy(aurora, {
      get: (verbs, verb: keyof Aurora) => async (argument: never) => {
        made += 1;
        if (made === limit) throw new DrillError('AwsUnavailable', `${verb}: the connection was reset`);
        return verbs[verb](argument);
      },
    });
    await expect(advanceTeardown(interrupted, drill, progress)).rejects.toMatchObject({
      name: 'AwsUnavailable',
    });
    for (let pass = 0; pass < 3; pass += 1) {
      finishDeletions();
      await advanceTeardown(aurora, drill, progress);
    }
    expect(held).toEqual({ cluster: undefined, instances: [] });
  },
);

test('a second pass while everything still stands: each resource is listed once, the cluster last', async () => {
  const { aurora } = makeHeldAurora(makeTarget(), makeInstance(writer), makeInstance('added-late'));
  const { resources } = await advanceTeardown(aurora, drill, { ...progress, earlier: [writer, target] });
  expect(resources).toEqual([writer, 'added-late', target]);
});

test('a drill whose own tags are lost: refused, since nothing tells the cluster to be its own', () => {
  expect(findRefusal(makeTarget({ tags: {} }), { ...drill, tags: {} })).toContain('(no such tag)');
});

test('one instance may not be deleted: everything else is tried before the error is thrown', async () => {
  const { aurora } = makeHeldAurora(makeTarget(), makeInstance('by-hand'), makeInstance(writer));
  const tried: string[] = [];
  const guarded: Aurora = {
    ...aurora,
    deleteInstance: async (identifier) => {
      tried.push(identifier);
      if (identifier === 'by-hand')
        throw new DrillError('AccessDenied', 'delete instance by-hand: not allowed');
      return aurora.deleteInstance(identifier);
    },
  };
  await expect(advanceTeardown(guarded, drill, progress)).rejects.toMatchObject({ name: 'AccessDenied' });
  expect(tried).toEqual(['by-hand', writer]);
});

const settling = { ...progress, settledAt: at('08:30') };

test('the answer to the restore was lost and nothing is found: waits, since the cluster may still appear', async () => {
  const { aurora } = makeHeldAurora(undefined);
  expect(await advanceTeardown(aurora, drill, settling)).toMatchObject({ status: 'pending' });
  expect(await advanceTeardown(aurora, drill, { ...settling, now: at('08:31') })).toMatchObject({
    status: 'ready',
  });
});

test('the cluster was seen and is gone: ready at once, whatever may have been lost', async () => {
  const { aurora } = makeHeldAurora(undefined);
  expect(await advanceTeardown(aurora, drill, { ...settling, earlier: [target] })).toMatchObject({
    status: 'ready',
  });
});

test.each([
  ['never asked for', {}, false],
  ['refused by name', { failures: { RestoreCluster: { Error: 'QuotaExceeded' } } }, false],
  ['not answered', { failures: { RestoreCluster: { Error: 'AwsUnavailable' } } }, true],
  ['cut off by a time-out', { failures: { RestoreCluster: { Error: 'States.Timeout' } } }, true],
  ['accepted', { RestoreCluster: makePassedDrill().RestoreCluster }, true],
])('a restore that was %s: may a cluster still appear?', (_, pieces, expected) => {
  expect(mayStillAppear({ execution: makePassedDrill().execution, ...pieces })).toBe(expected);
});
