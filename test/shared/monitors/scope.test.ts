import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cluster } from '../../../shared/aurora/port.ts';
import { drillTags } from '../../../shared/job/names.ts';
import { chooseMonitored, findSkipReason, parseScope, type Scope } from '../../../shared/monitors/scope.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';

const all: Scope = { kind: 'all' };
const tag = (key: string, value: string | null = null): Scope => ({ kind: 'tag', key, value });

test.each<[string, Scope]>([
  ['all', all],
  ['tag:env', tag('env')],
  ['tag:env=prod', tag('env', 'prod')],
  ['tag:env=', tag('env', '')],
  ['tag:team:name=a=b c', tag('team:name', 'a=b c')],
  ['tag:all', tag('all')],
])('%s: read as %j', (text, scope) => {
  expect(parseScope(text)).toEqual(scope);
});

test.each([
  '',
  'ALL',
  'all ',
  'none',
  'tag',
  'tag:',
  'tag:=prod',
  'Tag:env',
  'env=prod',
  'all,tag:env',
  ' tag:env',
])('scope %j: InvalidSetting, and the message shows it', (text) => {
  const seen = `MONITORED_CLUSTERS: expected all, tag:KEY or tag:KEY=VALUE, seen "${text}"`;
  expect(() => parseScope(text)).toThrow(expect.objectContaining({ name: 'InvalidSetting', summary: seen }));
});

test('a tag named as what every object has: only clusters that carry it', () => {
  expect(findSkipReason(makeCluster(), { kind: 'tag', key: 'constructor', value: null })).not.toBeNull();
});

test('any key and value that a tag may have, the key without an equals sign: read as they are', () => {
  const word = fc.string({ unit: fc.constantFrom(...'aZ09 _.:/+-@é'), minLength: 1, maxLength: 128 });
  const value = fc.string({ unit: fc.constantFrom(...'aZ09 _.:/=+-@é'), maxLength: 256 });
  fc.assert(
    fc.property(word, value, (key, text) => {
      expect(parseScope(`tag:${key}=${text}`)).toEqual(tag(key, text));
      expect(parseScope(`tag:${key}`)).toEqual(tag(key));
    }),
  );
});

const ofDrill = { tags: { [drillTags.drill]: '1f2e3d4c' } };
const belongs = 'it belongs to a restore drill';

test.each<[string, Partial<Cluster>, Scope, string | null]>([
  ['any cluster, all watched: watched', {}, all, null],
  ['stopped: watched', { status: 'stopped' }, all, null],
  ['with the tag: watched', {}, tag('team'), null],
  ['with the tag and the value: watched', {}, tag('team', 'payments'), null],
  ['with the tag and no value: watched', { tags: { team: '' } }, tag('team', ''), null],
  ['without the tag: why not', {}, tag('env'), 'it has no tag env'],
  ['with the tag in capitals: why not', {}, tag('Team'), 'it has no tag Team'],
  ['with another value: why not', {}, tag('team', 'web'), 'its tag team is payments, not web'],
  ['being deleted: why not', { status: 'deleting' }, all, 'it is being deleted'],
  ['with the tag of a drill: why not', ofDrill, all, belongs],
  ['of the form that drills give: why not', { identifier: 'drill-prod-1f2e3d4c' }, all, belongs],
  ['of a drill, with the tag: why not', { identifier: 'drill-prod-1f2e3d4c' }, tag('team'), belongs],
  ['of a name that only begins like it: watched', { identifier: 'drill-hall' }, all, null],
])('cluster %s', (_, changes, scope, reason) => {
  expect(findSkipReason(makeCluster(changes), scope)).toBe(reason);
});

const tagged = makeCluster({ identifier: 'tagged' });
const bare = makeCluster({ identifier: 'bare', tags: {} });
const drill = makeCluster({ identifier: 'drill-prod-1f2e3d4c' });

test.each<[string, Cluster[], Scope, Cluster[]]>([
  ['all: every cluster but those of drills', [tagged, drill, bare], all, [tagged, bare]],
  ['a tag: those that carry it', [bare, tagged, drill], tag('team'), [tagged]],
  ['a Region without clusters: none, and no error', [], all, []],
  ['a tag in a Region without clusters: none, and no error', [], tag('env'), []],
  ['a tag in a Region with clusters of drills only: none, and no error', [drill], tag('env'), []],
  ['all in a Region with clusters of drills only: none, and no error', [drill], all, []],
])('%s', (_, clusters, scope, chosen) => {
  expect(chooseMonitored(clusters, scope)).toEqual(chosen);
});

test.each([
  ['env', tag('env')],
  ['team=web', tag('team', 'web')],
])('tag %s that nobody carries: NothingMonitored, not silence', (name, scope) => {
  expect(() => chooseMonitored([tagged, bare, drill], scope)).toThrow(
    expect.objectContaining({
      name: 'NothingMonitored',
      summary: `0 of 2 Aurora clusters have the tag ${name}`,
    }),
  );
});
