import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findRefusal } from '../../../shared/job/guard.ts';
import { isOfDrill, jobId } from '../../../shared/job/names.ts';
import { tagPattern } from '../../../shared/job/tag-values.ts';
import { findOwner, readerName, recoveredNames, recoveredTagsOf } from '../../../shared/recovery/names.ts';
import { decideSweep } from '../../../shared/teardown/sweep-decision.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';

const stateMachine = 'arn:aws:states:eu-west-1:111122223333:stateMachine:aurora-drills-prod';
const execution = 'arn:aws:states:eu-west-1:111122223333:execution:aurora-drills-prod-recover:at-3-am';
const restoreTo = '2026-11-19T02:13:00Z';
const recovered = { source: 'prod-aurora-main', restoreTo, execution };

const anyName = fc.stringMatching(/^[A-Za-z](-?[A-Za-z0-9]){0,40}$/).map((name) => name.slice(0, 63));
const anyTime = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2099-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().replace(/\.\d+Z/, 'Z'));

test('the names of a cluster that is kept', () => {
  const { cluster, writer } = recoveredNames('prod-aurora-main', restoreTo);
  expect([cluster, writer, readerName(cluster, 15)]).toEqual([
    'recovered-prod-aurora-main-20261119021300',
    'recovered-prod-aurora-main-20261119021300-writer',
    'recovered-prod-aurora-main-20261119021300-reader-15',
  ]);
});

test('any source and time: names that RDS takes', () => {
  fc.assert(
    fc.property(anyName, anyTime, (source, time) => {
      const { cluster, writer } = recoveredNames(source, time);
      for (const name of [cluster, writer, readerName(cluster, 15)])
        expect(name).toMatch(/^[a-z](?!.*--)[a-z0-9-]{0,62}(?<!-)$/);
    }),
  );
});

test('any tags: values that RDS takes', () => {
  for (const value of Object.values(recoveredTagsOf({ ...recovered, execution: `${execution}(1)` })))
    expect(value).toMatch(tagPattern);
});

test('two times of one source: two clusters; the same twice: one', () => {
  const at = (time: string) => recoveredNames('prod', time).cluster;
  expect(at(restoreTo)).not.toBe(at('2026-11-19T02:13:01Z'));
  expect(at(restoreTo)).toBe(at(restoreTo));
});

describe('a cluster of that name that is there already', () => {
  const find = (tags: Record<string, string>) =>
    findOwner(makeCluster({ identifier: 'recovered-prod-20261119021300', tags }), recovered);
  const tags = recoveredTagsOf(recovered);

  test('with the tags of this execution: ours', () => {
    expect(find(tags)).toMatchObject({ whose: 'ours' });
  });

  test('of another start of the same recovery: joined, and it says whose it is', () => {
    const other = { ...tags, 'aurora-recovered:execution': 'arn:of:another' };
    expect(find(other)).toEqual({
      whose: 'same-recovery',
      reason: expect.stringContaining('arn:of:another'),
    });
  });

  test.each([
    ['no tags', {}, 'aurora-recovered:source=(no such tag), expected prod-aurora-main'],
    ['another source', { ...tags, 'aurora-recovered:source': 'other' }, 'source=other'],
    ['another time', { ...tags, 'aurora-recovered:restore-to': 'x' }, `expected ${restoreTo}`],
  ])('with %s: foreign, and it says what was expected', (_, seen, reason) => {
    expect(find(seen as Record<string, string>)).toEqual({
      whose: 'foreign',
      reason: expect.stringContaining(reason),
    });
  });
});

describe('nothing that deletes knows a recovered cluster', () => {
  const scope = { stateMachineArns: [stateMachine], neverDeleted: [], now: '2030-01-01T00:00:00Z' };
  const makeRecovered = (source: string, time: string, tags = {}) =>
    makeCluster({
      identifier: recoveredNames(source, time).cluster,
      tags: { ...recoveredTagsOf({ source, restoreTo: time, execution }), ...tags },
    });

  test('any source and time: no drill, refused by the guard, ignored by the sweeper', () => {
    fc.assert(
      fc.property(anyName, anyTime, (source, time) => {
        const cluster = makeRecovered(source, time);
        expect(isOfDrill(cluster)).toBe(false);
        expect(findRefusal(cluster, { id: jobId(execution), source, execution }, [])).toMatch(
          /does not begin with drill-/,
        );
        expect(decideSweep(cluster, scope)).toMatchObject({ action: 'ignore' });
      }),
    );
  });

  test('with the tags of a drill put on it as well: still refused, and reported by the sweeper', () => {
    const cluster = makeRecovered('prod', restoreTo, {
      'aurora-drills:drill': jobId(execution),
      'aurora-drills:source': 'prod',
      'aurora-drills:execution': execution,
      'aurora-drills:expires': '2026-11-19T07:00:00Z',
    });
    expect(findRefusal(cluster, { id: jobId(execution), source: 'prod', execution }, [])).not.toBeNull();
    expect(decideSweep(cluster, scope)).toMatchObject({ action: 'report' });
  });
});
