import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DrillError } from '../../../shared/errors.ts';
import { addSeconds } from '../../../shared/instants.ts';
import { parsePosture, postureKey, posturePageKey } from '../../../shared/posture/document.ts';
import { failWith } from '../fakes.ts';
import { makeShop, makeWorld, now } from './posture-world.ts';

const shop = makeShop();
const unprotected = makeShop({ isProtected: false });
const tomorrow = addSeconds(now, 86_400);

test('a first run tells once what fails, files it, and counts no rise; the same the day after tells nothing', async () => {
  const world = makeWorld();
  await world.run({ clusters: [unprotected] });
  expect(world.messages.map(({ kind, title }) => [kind, title])).toEqual([
    [
      'posture-failing',
      expect.stringMatching(/^Posture: \d+ findings fail, in 1 of 1 cluster \(first look\)$/),
    ],
  ]);
  const [{ findings = [] } = {}] = parsePosture(world.text() ?? '').clusters;
  const fails = findings.filter(({ verdict }) => verdict === 'fail');
  expect(fails.map(({ rule }) => rule)).toContain('deletion-protection');
  expect(world.published).toEqual([
    { name: 'PostureFailures', cluster: null, value: fails.length, at: now },
    { name: 'PostureRise', cluster: null, value: 0, at: now },
    { name: 'PostureFailures', cluster: 'shop', value: fails.length, at: now },
  ]);
  expect(world.reports.files.get(posturePageKey)).toContain('deletion-protection');

  await world.run({ clusters: [unprotected] });
  await world.run({ clusters: [{ ...unprotected, latestRestorableTime: tomorrow }], at: tomorrow });
  expect(world.messages).toHaveLength(1);
  expect(world.rises()).toEqual([0, 0, 0]);
  expect(parsePosture(world.text() ?? '').checkedAt).toBe(tomorrow);
  expect(world.reports.files.get(posturePageKey)).toContain(tomorrow);
});

test('somebody lifts the protection and puts it back: a message each, the first with the command, and one rise', async () => {
  const world = makeWorld();
  for (const one of [shop, unprotected, unprotected, shop, shop]) await world.run({ clusters: [one] });
  const [, worse, better] = world.messages;
  expect(world.messages).toHaveLength(3);
  expect(worse?.title).toContain('(1 new)');
  expect(worse?.facts).toContainEqual([
    'shop, deletion-protection',
    expect.stringContaining('aws rds modify-db-cluster'),
  ]);
  expect(better?.happened).toContain('shop, deletion-protection: passes again.');
  expect(world.rises()).toEqual([0, 1, 0, 0, 0]);
});

describe('what goes wrong', () => {
  test('nobody could be told: nothing is filed, and the next run tells', async () => {
    const world = makeWorld();
    await world.run({ clusters: [shop] });
    const filed = world.text();
    const failed = await world.run({ clusters: [unprotected] }, { notify: failWith('NotificationFailed') });
    expect(failed).toMatchObject({ name: 'NotificationFailed' });
    expect(world.text()).toBe(filed);
    await world.run({ clusters: [unprotected] });
    expect(world.messages.map(({ title }) => title)).toEqual([
      expect.stringContaining('first look'),
      expect.stringContaining('1 new'),
    ]);
  });

  test.each([postureKey, posturePageKey])('%s could not be written: it is told again', async (lost) => {
    const world = makeWorld();
    const { reports } = world;
    const replace: typeof reports.replace = async (key, ...rest) =>
      key === lost ? failWith('ReportNotFiled')() : reports.replace(key, ...rest);
    const failed = await world.run({ clusters: [unprotected] }, { reports: { ...reports, replace } });
    expect(failed).toMatchObject({ name: 'ReportNotFiled' });
    await world.run({ clusters: [unprotected] });
    await world.run({ clusters: [unprotected] });
    expect(world.messages).toHaveLength(2);
  });

  test('another run was faster: its files stay', async () => {
    const world = makeWorld();
    await world.run({ clusters: [shop] });
    const notify = async () => {
      world.reports.files.set(postureKey, 'of the other');
      world.reports.files.set(posturePageKey, 'of the other');
    };
    await world.run({ clusters: [unprotected] }, { notify });
    expect([...world.reports.files.values()]).toEqual(['of the other', 'of the other']);
  });

  test('a posture.json that is not ours: refused by name, and left alone', async () => {
    const world = makeWorld();
    world.reports.files.set(postureKey, '{"schema":"mine"}');
    expect(await world.run({ clusters: [shop] })).toMatchObject({
      name: 'ReportNotFiled',
      summary: expect.stringContaining('s3://b/posture.json is not a posture of clusters'),
    });
    expect(world.text()).toBe('{"schema":"mine"}');
    expect(world.messages).toEqual([]);
  });

  test('a group of parameters that RDS does not answer for: its cluster is judged by the rest, the others in full, and the run fails', async () => {
    const world = makeWorld();
    const clusters = [
      shop,
      makeShop({ identifier: 'orders', parameterGroup: 'orders-group', isProtected: false }),
    ];
    await world.run({ clusters });
    const failed = await world.run({ clusters, throttled: ['orders-group'] });
    expect(failed).toMatchObject({
      name: 'MonitorIncomplete',
      summary: expect.stringMatching(
        /^1 of 2 clusters could not be dealt with: orders \(.*injected Throttled\)$/,
      ),
    });
    const seen = parsePosture(world.text() ?? '');
    const verdictOf = (cluster: string, rule: string) =>
      seen.clusters.find((one) => one.cluster === cluster)?.findings.find((finding) => finding.rule === rule)
        ?.verdict;
    expect([verdictOf('orders', 'audit-logging'), verdictOf('orders', 'deletion-protection')]).toEqual([
      'unreadable',
      'fail',
    ]);
    expect(verdictOf('shop', 'audit-logging')).toBe('fail');
    await world.run({ clusters });
    expect(world.messages.map(({ title }) => title)).toEqual([
      expect.stringContaining('first look'),
      expect.stringContaining('1 no longer readable'),
    ]);
    expect(world.rises()).toEqual([0, 0, 0]);
  });

  test('what the last run could not read either: no failure again, until another cluster is not readable', async () => {
    const world = makeWorld();
    const clusters = [shop, makeShop({ identifier: 'orders', parameterGroup: 'orders-group' })];
    const throttled = ['orders-group'];
    expect(await world.run({ clusters, throttled })).toMatchObject({ name: 'MonitorIncomplete' });
    expect(await world.run({ clusters, throttled })).toMatchObject({ clusters: 2, told: null });
    const odd = [{ cluster: 'odd', reason: 'it lacks a status' }];
    expect(await world.run({ clusters, throttled, unreadable: odd })).toMatchObject({
      summary: expect.stringMatching(/^2 of 3 clusters .*odd \(it lacks a status\)/),
    });
    expect(await world.run({ clusters, throttled, unreadable: odd })).toMatchObject({ told: null });
  });

  test('copies in another Region cannot be listed: the rest is judged, and the run fails', async () => {
    const world = makeWorld();
    const plans =
      'plans:\n  one: { source: shop, database: { name: a, user: u }, posture: { copyRegion: eu-central-1 } }\n';
    const copiesIn = () => ({
      listSnapshots: async function* () {
        yield failWith('AccessDenied')();
      },
    });
    expect(await world.run({ clusters: [shop], plans }, { copiesIn })).toMatchObject({
      name: 'MonitorIncomplete',
      summary: '1 of 1 cluster could not be dealt with: shop (in eu-central-1: injected AccessDenied)',
    });
    expect(parsePosture(world.text() ?? '').clusters).toHaveLength(1);
  });

  test('the history cannot be read: the settings are judged all the same, and the run fails', async () => {
    const world = makeWorld();
    const proofs = failWith('ReportNotFiled');
    expect(await world.run({ clusters: [shop] }, { proofs })).toMatchObject({
      name: 'MonitorIncomplete',
      summary: 'the history could not be read: injected ReportNotFiled',
    });
    expect(parsePosture(world.text() ?? '').clusters).toHaveLength(1);
    const unreadable = [{ cluster: 'odd', reason: 'it lacks a status' }];
    expect(await world.run({ clusters: [shop], unreadable }, { proofs })).toMatchObject({
      summary:
        '1 of 2 clusters could not be dealt with: odd (it lacks a status); the history could not be read: injected ReportNotFiled',
    });
  });

  test('nobody can know what drills have proven: no failure of the run', async () => {
    const world = makeWorld();
    const proofs = async () => ({ unknown: 'there is no history here' });
    expect(await world.run({ clusters: [shop] }, { proofs })).toMatchObject({ clusters: 1 });
    expect(world.text()).toContain('there is no history here');
  });

  test('a cluster that cannot be listed: named in the document and in the error', async () => {
    const world = makeWorld();
    const unreadable = [{ cluster: 'odd', reason: 'it lacks a status' }];
    const failed = await world.run({ clusters: [shop], unreadable });
    expect(failed).toBeInstanceOf(DrillError);
    expect(parsePosture(world.text() ?? '').unreadable).toEqual(unreadable);
  });
});

describe('which clusters, and where', () => {
  test('those of the scope, without those of drills', async () => {
    const world = makeWorld();
    const clusters = [
      shop,
      makeShop({ identifier: 'untagged', tags: {} }),
      makeShop({ identifier: 'drill-shop-1a2b3c4d' }),
    ];
    await world.run({ clusters }, { scope: () => ({ kind: 'tag', key: 'team', value: null }) });
    expect(parsePosture(world.text() ?? '').clusters.map(({ cluster }) => cluster)).toEqual(['shop']);
  });

  test('copies are looked for in the Region of the plan, and nowhere else', async () => {
    const world = makeWorld();
    const plans = `plans:
  one: { source: shop, database: { name: a, user: u }, posture: { copyRegion: eu-central-1 } }
  two: { source: orders, database: { name: a, user: u } }
`;
    await world.run({ clusters: [shop, makeShop({ identifier: 'orders' })], plans });
    expect(world.abroad).toEqual(['eu-central-1']);
  });
});

test('any fleets, each found twice and in any order: the second run of each tells nothing, and files the same text', async () => {
  const anyShop = fc.record({
    isProtected: fc.boolean(),
    engine: fc.constantFrom('aurora-mysql', 'aurora-postgresql'),
  });
  const anyFleet = fc
    .array(anyShop, { maxLength: 4 })
    .map((all) => all.map((changes, index) => makeShop({ identifier: `c${index}`, ...changes })));
  await fc.assert(
    fc.asyncProperty(fc.array(anyFleet, { minLength: 1, maxLength: 3 }), async (fleets) => {
      const world = makeWorld();
      for (const clusters of fleets) {
        await world.run({ clusters });
        const [text, told] = [world.text(), world.messages.length];
        await world.run({ clusters: clusters.toReversed() });
        expect(world.text()).toBe(text);
        expect(world.messages).toHaveLength(told);
      }
    }),
    { numRuns: 60 },
  );
});
