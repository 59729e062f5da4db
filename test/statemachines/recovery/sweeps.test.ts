import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SweepDeps, sweepLeftovers } from '../../../functions/monitors/sweep-leftovers.ts';
import type { Aurora, Cluster } from '../../../shared/aurora/port.ts';
import type { ExecutionStatus } from '../../../shared/job/executions.ts';
import { jobId, tagsOf, targetNames } from '../../../shared/job/names.ts';
import { recoveredNames, recoveredTagsOf } from '../../../shared/recovery/names.ts';
import { makeAurora, makeInstance } from '../../functions/fakes.ts';
import { makeCluster } from '../../shared/aurora/cluster-fixture.ts';
import { testPrices } from '../../shared/result/prices-fixture.ts';
import { makeRecoveryModel, recoveredOf, recoverOnce } from './world.ts';

const now = '2026-11-19T12:00:00Z';
const machine = 'arn:aws:states:eu-west-1:111122223333:stateMachine:aurora-drills-prod';
const executionOf = (name: string) =>
  `arn:aws:states:eu-west-1:111122223333:execution:aurora-drills-prod:${name}`;

/** Of any source, also of those with names that look like ours, and with any of a drill's tags besides. */
const recovered = fc
  .record({
    source: fc.constantFrom('prod', 'drill', 'drill-prod', 'my-drill-1', 'recovered-prod-20261118000000'),
    restoreTo: fc
      .integer({ min: 0, max: 86_400 })
      .map((seconds) => new Date(Date.parse(now) - seconds * 1000)),
    execution: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
    isProtected: fc.boolean(),
    hasDrillTags: fc.boolean(),
    status: fc.constantFrom('creating', 'available', 'stopped', 'failed', 'incompatible-restore'),
  })
  .map(({ source, restoreTo, execution, isProtected, hasDrillTags, status }): Cluster => {
    const instant = restoreTo.toISOString().replace('.000Z', 'Z');
    const arn = executionOf(execution);
    const drill = tagsOf({
      id: jobId(arn),
      kind: 'recover',
      source,
      execution: arn,
      expires: '2026-11-18T00:00:00Z',
    });
    return makeCluster({
      identifier: recoveredNames(source, instant).cluster,
      createdAt: '2026-11-17T00:00:00Z',
      status,
      isProtected,
      tags: {
        ...(hasDrillTags && drill),
        ...recoveredTagsOf({ source, restoreTo: instant, execution: arn }),
      },
    });
  });

/** What a drill of an ended execution left: the sweep has to find it, or it would have looked at nothing. */
const leftover = fc.stringMatching(/^[a-z0-9]{1,12}$/).map((name): Cluster => {
  const execution = executionOf(name);
  const id = jobId(execution);
  return makeCluster({
    identifier: targetNames('prod', id).cluster,
    createdAt: '2026-11-17T00:00:00Z',
    tags: tagsOf({ id, kind: 'drill', source: 'prod', execution, expires: '2026-11-18T00:00:00Z' }),
  });
});

const sweep = (aurora: SweepDeps['aurora'], status: ExecutionStatus) =>
  sweepLeftovers(
    { source: 'aws.scheduler' },
    {
      aurora,
      executions: { findStatus: async () => status },
      metrics: { publish: async () => {} },
      notify: async () => {},
      reports: { read: async () => null },
      placeOf: (key) => key,
      readPlans: async () =>
        'plans:\n  shop:\n    source: prod\n    database: { name: shop, user: drill_reader }\n',
      stateMachineArns: () => [machine],
      recoverMachineArn: () => `${machine}-recover`,
      rewindMachineArn: () => `${machine}-rewind`,
      prices: () => testPrices,
      now: () => new Date(now),
    },
  );

test('1,000 random fleets, swept: what drills left is removed, and nothing of a recovered cluster is touched', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(recovered, { selector: ({ identifier }) => identifier, minLength: 1, maxLength: 6 }),
      fc.uniqueArray(leftover, { selector: ({ identifier }) => identifier, maxLength: 3 }),
      fc.constantFrom<ExecutionStatus>('ended', 'gone', 'running'),
      async (kept, left, status) => {
        const touched: string[] = [];
        const touch = async (identifier: string) => void touched.push(identifier);
        const clusters = [...kept, ...left];
        const aurora = makeAurora({
          listClusters: async () => ({ clusters, unreadable: [] }),
          findCluster: async (identifier) => clusters.find((one) => one.identifier === identifier),
          findSnapshot: async () => undefined,
          listManualSnapshots: async function* () {},
          listInstances: async (cluster) => [makeInstance(`${cluster}-writer`, { cluster })],
          startCluster: touch,
          liftProtection: touch,
          deleteInstance: touch,
          deleteCluster: touch,
          deleteSnapshot: touch,
        });
        await sweep(aurora, status);
        expect(touched.filter((name) => name.startsWith('recovered-'))).toEqual([]);
        if (left.length > 0 && status !== 'running') expect(touched).not.toEqual([]);
      },
    ),
    { numRuns: 1000 },
  );
});

test('40 recoveries amid random fleets, a sweep before and after each step: what drills left goes, and each recovery ends whole', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(recovered, { selector: ({ identifier }) => identifier, maxLength: 4 }),
      fc.uniqueArray(leftover, { selector: ({ identifier }) => identifier, minLength: 1, maxLength: 2 }),
      async (kept, left) => {
        const model = makeRecoveryModel();
        const fleet = [...kept, ...left];
        const touched: string[] = [];
        const touch = async (identifier: string) => void touched.push(identifier);
        const removal = {
          liftProtection: touch,
          deleteInstance: touch,
          deleteCluster: touch,
          startCluster: touch,
        };
        const amid: Aurora = {
          ...model.aurora,
          ...removal,
          deleteSnapshot: touch,
          listClusters: async (names) => {
            const { clusters, unreadable } = await model.aurora.listClusters(names);
            return { clusters: [...clusters, ...fleet], unreadable };
          },
          findCluster: async (identifier) =>
            fleet.find((one) => one.identifier === identifier) ?? model.aurora.findCluster(identifier),
        };
        model.world.aurora = { ...model.world.aurora, listClusters: amid.listClusters };
        const { result } = await recoverOnce(model, 'local-amid', {
          input: { restoreTo: model.restoreTo, readers: 1 },
          aroundTask: async (_, run) => {
            await sweep(amid, 'ended');
            const answer = await run();
            await sweep(amid, 'ended');
            return answer;
          },
        });
        expect(result.failure).toBeNull();
        expect(touched).not.toEqual([]);
        expect(touched.filter((name) => !name.startsWith('drill-'))).toEqual([]);
        const { cluster, writer } = recoveredOf(model.restoreTo);
        const instances = await model.aurora.listInstances(cluster);
        expect(instances.map(({ identifier }) => identifier)).toEqual([writer, `${cluster}-reader-1`]);
      },
    ),
    { numRuns: 40 },
  );
});
