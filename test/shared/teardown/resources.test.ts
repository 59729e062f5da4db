import { expect, test } from 'vitest';
import { targetNames } from '../../../shared/job/names.ts';
import type { JobState } from '../../../shared/job/state.ts';
import { listClusterResources, listResources } from '../../../shared/teardown/resources.ts';

test('resources of a job without a snapshot: cluster and instances alone', () => {
  const names = targetNames('prod', '1a2b3c4d');
  const requestedAt = '2026-11-19T02:13:00Z';
  const state = {
    PrepareDrill: { id: '1a2b3c4d', source: { identifier: 'prod' } },
    TakeSnapshot: { snapshot: names.snapshot, requestedAt },
    RestoreCluster: { cluster: names.cluster, requestedAt },
    TearDown: { resources: ['by-hand', names.cluster] },
  } as unknown as JobState;
  const kindsOf = (all: readonly { kind: string }[]) => all.map(({ kind }) => kind);
  expect(kindsOf(listResources(state))).toEqual(['snapshot', 'cluster', 'instance']);
  expect(kindsOf(listClusterResources(state))).toEqual(['cluster', 'instance']);
});
