import { describe, expect, test } from 'vitest';
import { drillTags } from '../../../shared/job/names.ts';
import { describeProduction } from '../../../shared/job/production.ts';
import {
  assertOwnAddress,
  assertOwnCluster,
  assertOwnMarker,
  assertOwnName,
} from '../../../shared/rehearsing/proof.ts';
import { makeInstance } from '../../functions/fakes.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';
import { makeClone, makeJob, source, writer } from './job-fixture.ts';

const job = makeJob();
const clone = makeClone(job);
const { production } = job;
const refused = (text: string) =>
  expect.objectContaining({ name: 'NotTheClone', summary: expect.stringContaining(text) });

test('production: every name that leads to it', () => {
  const custom = { ...source, settings: { customEndpoints: ['reports.cluster-custom-x'] } };
  const made = makeInstance('prod-aurora-main-2', { endpoint: null });
  expect(describeProduction(custom as typeof source, [writer, made])).toEqual({
    hosts: [source.endpoint, source.readerEndpoint, 'reports.cluster-custom-x', writer.endpoint],
    port: 5432,
  });
});

describe('the cluster', () => {
  test('of this job by name, tags and id: taken', () => {
    expect(assertOwnCluster(clone, job)).toBe(clone);
  });

  test.each([
    ['it is not there', undefined, 'RDS knows no such cluster'],
    ['production under the name of the clone', { ...clone, resourceId: source.resourceId }, 'resource id'],
    ['production itself', makeCluster({ tags: job.tags }), 'is the source of a drill'],
    [
      'another job has made it',
      { ...clone, tags: { ...job.tags, [drillTags.drill]: 'ffffffff' } },
      'carries',
    ],
    ['it has no tags of ours', { ...clone, tags: {} }, 'no such tag'],
    [
      'its name is not that of the clone',
      makeCluster({ identifier: 'drill-x', tags: job.tags }),
      'is not the name',
    ],
  ])('%s: refused', (_, found, text) => {
    expect(() => assertOwnCluster(found, job)).toThrow(refused(text));
  });
});

describe('the name', () => {
  test("the clone's own endpoint: taken", () => {
    expect(assertOwnName(clone, job, production)).toEqual({ host: clone.endpoint, port: 5432 });
  });

  test.each([
    ["production's writer", source.endpoint],
    ["production's readers", source.readerEndpoint],
    ["an instance of production's, in capitals", writer.endpoint?.toUpperCase() ?? ''],
  ])('%s: refused', (_, endpoint) => {
    expect(() => assertOwnName({ endpoint, port: 5432 }, job, production)).toThrow(refused("production's"));
  });

  test.each([
    ['no endpoint', { endpoint: null, port: 5432 }],
    ['no port', { endpoint: 'x', port: null }],
  ])('%s: refused', (_, endpoint) => {
    expect(() => assertOwnName(endpoint, job, production)).toThrow(refused('no endpoint'));
  });
});

describe('the address', () => {
  const place = { host: clone.endpoint ?? '', port: 5432 };
  const assert = (addresses: string[], ofProduction: string[], port = 5432) =>
    assertOwnAddress({ ...place, port }, { addresses, ofProduction }, job, production);

  test('none of production: the first one is taken', () => {
    expect(assert(['10.0.0.7', '10.0.0.8'], ['10.0.0.1', '10.0.0.2'])).toBe('10.0.0.7');
  });

  test('two servers of one machine, each with a port of its own: taken', () => {
    expect(assert(['127.0.0.1'], ['127.0.0.1'], 5433)).toBe('127.0.0.1');
  });

  test.each([
    ['the address of a reader of production', ['10.0.0.2'], ['10.0.0.1', '10.0.0.2'], "production's"],
    ['one of its addresses is', ['10.0.0.7', '10.0.0.1'], ['10.0.0.1'], "production's"],
    ['the name has no address', [], ['10.0.0.1'], 'has no address'],
    ['nobody knows the addresses of production', ['10.0.0.7'], [], 'none can be told'],
  ])('%s: refused', (_, addresses, ofProduction, text) => {
    expect(() => assert(addresses, ofProduction)).toThrow(refused(text));
  });
});

describe('the marker', () => {
  test("the clone's writer: taken", () => {
    expect(() => assertOwnMarker(job.target.writer, job)).not.toThrow();
  });

  test.each([
    ["production's writer", writer.identifier, 'prod-aurora-main-1, expected drill-prod-aurora-main-'],
    ['no server of Aurora', null, 'does not say which instance it is'],
    ['a name that goes on', `${job.target.writer}-2`, '-2, expected'],
  ])('%s: refused', (_, marker, text) => {
    expect(() => assertOwnMarker(marker, job)).toThrow(refused(text));
  });
});
