import { expect, test } from 'vitest';
import { describeSource, listBlueGreensOf, listUpgrades, readBinlog } from '../../../shared/rewind/facts.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';
import { readySource } from './facts-fixture.ts';

test('a cluster: what decides about a rewind, and nothing else', () => {
  const { identifier, engine, engineVersion, createdAt, backtrack, resourceId } = readySource;
  const cluster = makeCluster({
    identifier,
    engine,
    engineVersion,
    createdAt,
    backtrack,
    resourceId,
    capacity: null,
  });
  expect(describeSource(cluster)).toEqual(readySource);
  expect(
    describeSource({
      ...cluster,
      capacity: { min: 0.5, max: 8 },
      replication: { from: 'arn:a', to: ['arn:b'] },
    }),
  ).toEqual({ ...readySource, isServerlessV2: true, replicatesFrom: 'arn:a', replicas: ['arn:b'] });
});

test.each([
  ['Database cluster engine version has been upgraded.', true],
  ['Database cluster engine major version has been upgraded.', true],
  ['Database cluster engine minor version has been upgraded.', true],
  ['Database cluster has been patched', true],
  ['Patching of the DB cluster has completed.', true],
  ['The DB cluster has a DB engine minor version upgrade available.', false],
  ['Database cluster is in a state that cannot be upgraded.', false],
  ['Database cluster upgrade is in progress.', false],
  ['Completed failover to DB instance: shop-2', false],
])('the event "%s": an upgrade is %s', (message, expected) => {
  expect(listUpgrades([{ at: '2026-11-19T00:00:00Z', message }])).toHaveLength(expected ? 1 : 0);
});

test('Blue/Green deployments: those that the cluster is in, on either side', () => {
  const make = (source: string, target: string) => ({
    identifier: source,
    source,
    target,
    status: 'AVAILABLE',
  });
  const all = [make('shop', 'green'), make('blue', 'shop'), make('a', 'b')];
  expect(listBlueGreensOf('shop', all)).toEqual(all.slice(0, 2));
});

test.each([
  ['OFF', { value: { isOn: false, seenBy: 'parameter group', consumers: null } }],
  ['ROW', { value: { isOn: true, seenBy: 'parameter group', consumers: null } }],
  [null, { unknown: 'the cluster parameter group does not tell binlog_format' }],
])('binlog_format %s', (value, expected) => {
  const others = { name: 'time_zone', value: 'UTC', isSet: true };
  expect(
    readBinlog(value === null ? [others] : [others, { name: 'binlog_format', value, isSet: false }]),
  ).toEqual(expected);
});
