import { describe, expect, test } from 'vitest';
import type { Aurora, Cluster, Instance } from '../../../shared/aurora/port.ts';
import { DrillError } from '../../../shared/errors.ts';
import { advanceTeardown, removalOf } from '../../../shared/teardown/pass.ts';
import { makeAurora } from '../../functions/fakes.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';
import { at, makePassedDrill } from '../drill/state-fixture.ts';

const drill = makePassedDrill().PrepareDrill;
const { cluster: target, writer } = drill.target;
const removal = removalOf(drill);
const progress = {
  earlier: [],
  expected: [target],
  since: at('08:25'),
  deadline: at('09:25'),
  settledAt: null,
  gone: {},
  madeAt: null,
  now: at('08:25'),
};

const makeTarget = (changes: Partial<Cluster> = {}): Cluster =>
  makeCluster({ identifier: target, writer, tags: drill.tags, ...changes });
const makeInstance = (identifier: string, status = 'available'): Instance => ({
  identifier,
  cluster: target,
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

test('a cluster that is not ours under our name: TeardownRefused, and nothing is deleted', async () => {
  const { aurora, calls } = makeHeldAurora(makeTarget({ tags: {} }), makeInstance(writer));
  await expect(advanceTeardown(aurora, removal, progress)).rejects.toMatchObject({ name: 'TeardownRefused' });
  expect(calls).toEqual([]);
});

test('cluster and writer: one pass asks for the instance, then the cluster; the next finds nothing left', async () => {
  const { aurora, calls, finishDeletions } = makeHeldAurora(makeTarget(), makeInstance(writer));
  const first = await advanceTeardown(aurora, removal, progress);
  expect(first).toMatchObject({
    status: 'pending',
    deadline: progress.deadline,
    resources: [writer, target],
  });
  expect(calls).toEqual([writer, target]);
  finishDeletions();
  const last = await advanceTeardown(aurora, removal, { ...progress, earlier: first.resources });
  expect(last).toMatchObject({ status: 'ready', resources: [writer, target] });
});

test('an instance that somebody else added: deleted too, and reported', async () => {
  const { aurora, calls } = makeHeldAurora(
    makeTarget(),
    makeInstance(writer),
    makeInstance('autoscaled-reader'),
  );
  const { resources } = await advanceTeardown(aurora, removal, progress);
  expect(calls).toEqual([writer, 'autoscaled-reader', target]);
  expect(resources).toEqual([writer, 'autoscaled-reader', target]);
});

test('nothing was made: ready at once, with nothing to report', async () => {
  const { aurora, calls } = makeHeldAurora(undefined);
  expect(await advanceTeardown(aurora, removal, progress)).toMatchObject({ status: 'ready', resources: [] });
  expect(calls).toEqual([]);
});

test('being deleted already: waits and asks for nothing twice', async () => {
  const deleting = makeTarget({ status: 'deleting' });
  const { aurora, calls } = makeHeldAurora(deleting, makeInstance(writer, 'deleting'));
  expect((await advanceTeardown(aurora, removal, progress)).status).toBe('pending');
  expect(calls).toEqual([]);
});

test('an instance that cannot be deleted yet: left to the next pass, until the deadline', async () => {
  const { aurora } = makeHeldAurora(makeTarget(), makeInstance(writer, 'creating'));
  expect((await advanceTeardown(aurora, removal, progress)).status).toBe('pending');
  const tooLate = await advanceTeardown(aurora, removal, { ...progress, now: at('09:25:01') });
  expect(tooLate).toMatchObject({ status: 'failed', error: 'DeadlineExceeded' });
  expect(tooLate.reason).toContain(writer);
});

test('deletion protection is still being switched off: what RDS refused stands in the reason, and the next pass goes on', async () => {
  const { aurora, calls } = makeHeldAurora(makeTarget({ isProtected: true }));
  const lifted: string[] = [];
  const guarded: Aurora = {
    ...aurora,
    liftProtection: async (identifier) => void lifted.push(identifier),
    deleteCluster: async () => {
      throw new DrillError('RequestRefused', 'Cannot delete protected Cluster');
    },
  };
  const { status, reason } = await advanceTeardown(guarded, removal, progress);
  expect([status, lifted, calls]).toEqual(['pending', [target], []]);
  expect(reason).toContain('deletion protection on');
  expect(reason).toContain('Cannot delete protected Cluster');
});

test('RDS lists an instance of another cluster among ours: TeardownRefused, and nothing is deleted', async () => {
  const stranger = { ...makeInstance('prod-1'), cluster: 'prod' };
  const { aurora, calls } = makeHeldAurora(makeTarget(), makeInstance(writer), stranger);
  await expect(advanceTeardown(aurora, removal, progress)).rejects.toMatchObject({
    name: 'TeardownRefused',
    summary: expect.stringContaining('prod-1'),
  });
  expect(calls).toEqual([]);
});

test('an instance gone between the look and the deletion: a success', async () => {
  const { aurora, held, calls } = makeHeldAurora(makeTarget(), makeInstance(writer));
  const listInstances = async () => held.instances.splice(0);
  const { status } = await advanceTeardown({ ...aurora, listInstances }, removal, progress);
  expect(status).toBe('pending');
  expect(calls).toEqual([writer, target]);
});

test('nothing left, but found so after the deadline: ready', async () => {
  const { aurora } = makeHeldAurora(undefined);
  expect((await advanceTeardown(aurora, removal, { ...progress, now: at('23:00') })).status).toBe('ready');
});

test.each(['AccessDenied', 'Throttled', 'AwsFailure'] as const)(
  'a deletion answered with %s: the error passes through, for Retry and Catch',
  async (name) => {
    const { aurora } = makeHeldAurora(makeTarget(), makeInstance(writer));
    const deleteInstance = async () => {
      throw new DrillError(name, `delete ${writer}`);
    };
    await expect(advanceTeardown({ ...aurora, deleteInstance }, removal, progress)).rejects.toMatchObject({
      name,
    });
  },
);

describe('deletions denied, since tags are not known everywhere yet', () => {
  const denied = async (
    verb: 'deleteInstance' | 'deleteCluster',
    cluster: Cluster,
    madeAt: string | null,
  ) => {
    const { aurora } = makeHeldAurora(cluster, makeInstance(writer));
    const deny = async () => {
      throw new DrillError('AccessDenied', `${verb}: not allowed`);
    };
    return advanceTeardown({ ...aurora, [verb]: deny }, removal, { ...progress, madeAt });
  };

  test.each<['deleteInstance' | 'deleteCluster', string, string | null]>([
    ['deleteCluster', at('08:15:01'), null],
    ['deleteInstance', at('07:00'), at('08:15:01')],
  ])(
    '%s up to ten minutes after a creation: pending, and the reason tells',
    async (verb, createdAt, madeAt) => {
      expect(await denied(verb, makeTarget({ createdAt }), madeAt)).toMatchObject({
        status: 'pending',
        reason: expect.stringContaining(`${verb}: not allowed`),
      });
    },
  );

  test('ten minutes after the last creation: AccessDenied, since the role lacks it', async () => {
    const asked = denied('deleteCluster', makeTarget({ createdAt: at('08:00') }), at('08:15'));
    await expect(asked).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

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
    await expect(advanceTeardown(interrupted, removal, progress)).rejects.toMatchObject({
      name: 'AwsUnavailable',
    });
    for (let pass = 0; pass < 3; pass += 1) {
      finishDeletions();
      await advanceTeardown(aurora, removal, progress);
    }
    expect(held).toEqual({ cluster: undefined, instances: [] });
  },
);

test('a second pass while everything still stands: each resource is listed once, the cluster last', async () => {
  const { aurora } = makeHeldAurora(makeTarget(), makeInstance(writer), makeInstance('added-late'));
  const { resources } = await advanceTeardown(aurora, removal, { ...progress, earlier: [writer, target] });
  expect(resources).toEqual([writer, 'added-late', target]);
});

test('one instance may not be deleted: everything else is tried before the first error is thrown', async () => {
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
    deleteCluster: async () => {
      throw new DrillError('Throttled', 'rate exceeded');
    },
  };
  await expect(advanceTeardown(guarded, removal, progress)).rejects.toMatchObject({
    name: 'AccessDenied',
    hint: expect.stringContaining('delete by-hand by hand'),
  });
  expect(tried).toEqual(['by-hand', writer]);
});

const settling = { ...progress, settledAt: at('08:30') };

test('the answer to the restore was lost and nothing is found: waits, since the cluster may still appear', async () => {
  const { aurora } = makeHeldAurora(undefined);
  expect(await advanceTeardown(aurora, removal, settling)).toMatchObject({ status: 'pending' });
  expect(await advanceTeardown(aurora, removal, { ...settling, now: at('08:31') })).toMatchObject({
    status: 'ready',
  });
});

test('the cluster was seen and is gone: ready at once, whatever may have been lost', async () => {
  const { aurora } = makeHeldAurora(undefined);
  expect(await advanceTeardown(aurora, removal, { ...settling, earlier: [target] })).toMatchObject({
    status: 'ready',
  });
});
