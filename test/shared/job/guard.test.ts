import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cluster } from '../../../shared/aurora/port.ts';
import { findRefusal, findStranger } from '../../../shared/job/guard.ts';
import { drillTags, targetNames } from '../../../shared/job/names.ts';
import { removalOf } from '../../../shared/teardown/pass.ts';
import { makeInstance } from '../../functions/fakes.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';
import { makePassedDrill } from '../drill/state-fixture.ts';

const drill = makePassedDrill().PrepareDrill;
const target = drill.target.cluster;

const { owner, neverDeleted } = removalOf(drill);

const makeTarget = (changes: Partial<Cluster> = {}): Cluster =>
  makeCluster({ identifier: target, resourceId: 'cluster-COPY', tags: drill.tags, ...changes });

test("the drill's own cluster: no refusal", () => {
  expect(findRefusal(makeTarget(), owner, neverDeleted)).toBeNull();
});

const others = targetNames(drill.source.identifier, 'ffffffff').cluster;
const tagged = (key: string, value: string) => makeTarget({ tags: { ...drill.tags, [key]: value } });

test.each([
  ['the source', makeCluster({ tags: drill.tags }), 'is the source of a drill'],
  ['a cluster without the prefix', makeTarget({ identifier: 'app' }), 'does not begin with drill-'],
  ["another drill's cluster", makeTarget({ identifier: others }), 'is not the name that drill'],
  ['a cluster named like ours and longer', makeTarget({ identifier: `${target}-2` }), 'is not the name'],
  ['a cluster without tags', makeTarget({ tags: {} }), '(no such tag)'],
  ["a cluster with another drill's id", tagged(drillTags.drill, 'ffffffff'), `${drillTags.drill}=ffffffff`],
  ['a copy of another source', tagged(drillTags.source, 'app'), `${drillTags.source}=app`],
  ['a cluster of another execution', tagged(drillTags.execution, 'arn:x'), `${drillTags.execution}=arn:x`],
])('%s: refused, with the reason', (_, cluster, reason) => {
  expect(findRefusal(cluster, owner, neverDeleted)).toContain(reason);
});

test.each([
  ['the source', { ...owner, source: target }, []],
  ['a source in plans.yml', owner, [target]],
  ['a source in plans.yml, in capitals', owner, [target.toUpperCase()]],
])('%s, even if it carried the name and tags of a target: refused by identity', (_, of, others) => {
  expect(findRefusal(makeTarget(), of, others)).toBe(`${target} is the source of a drill`);
});

test('the source, renamed to the name of the target: refused by its resource id', () => {
  const renamed = makeTarget({ resourceId: 'cluster-PRODMAIN' });
  expect(findRefusal(renamed, owner, neverDeleted)).toContain(
    'under another name: its resource id is cluster-PRODMAIN',
  );
});

test('an id that is not the one of the execution: refused', () => {
  const other = { ...owner, id: 'ffffffff' };
  const cluster = makeTarget({
    identifier: targetNames(owner.source, other.id).cluster,
    tags: { ...drill.tags, [drillTags.drill]: other.id },
  });
  expect(findRefusal(cluster, other, neverDeleted)).toContain('is not the id of execution');
});

test.each([drillTags.drill, drillTags.source, drillTags.execution])(
  'the tag %s is missing: refused',
  (key) => {
    const { [key]: _, ...tags } = drill.tags;
    expect(findRefusal(makeTarget({ tags }), owner, neverDeleted)).toContain(key);
  },
);

test('any other identifier with our tags: refused', () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (text, isPrefixed) => {
      const identifier = isPrefixed ? `drill-${text}` : text;
      fc.pre(identifier !== target);
      expect(findRefusal(makeTarget({ identifier }), owner, neverDeleted)).not.toBeNull();
    }),
  );
});

test('a drill whose own tags are lost: refused, since nothing tells the cluster to be its own', () => {
  const lost = removalOf({ ...drill, tags: {} });
  expect(findRefusal(makeTarget(), lost.owner, lost.neverDeleted)).toContain('is not the id of execution');
});

test.each([
  ['of the cluster, whatever it is called', [target, target], null],
  ['of another cluster', [target, 'prod-aurora-main'], 'i-1 was listed as an instance of'],
  ['of nobody knows which', [null], 'and is of no cluster'],
  ['none at all', [], null],
])('instances %s: %s', (_, clusters, reason) => {
  const instances = clusters.map((cluster, index) => makeInstance(`i-${index}`, { cluster }));
  const expected = reason === null ? null : expect.stringContaining(reason);
  expect(findStranger(instances, target)).toEqual(expected);
});
