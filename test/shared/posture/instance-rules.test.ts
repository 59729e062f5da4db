import { describe, expect, test } from 'vitest';
import type { Instance } from '../../../shared/aurora/port.ts';
import { findOutcome, makeFacts, makeInstance } from './facts-fixture.ts';

const of = (...instances: Instance[]) => ({ value: instances });
const unknown = { unknown: 'Throttled' };
const serverless = { ...makeInstance('app-2', 'eu-west-1b'), instanceClass: 'db.serverless' };

describe('two-zones', () => {
  test.each([
    ['two in two', of(makeInstance('app-1', 'eu-west-1a'), makeInstance('app-2', 'eu-west-1b')), 'pass'],
    ['two of Serverless v2 in two', of({ ...serverless, zone: 'eu-west-1a' }, serverless), 'pass'],
    ['two in one', of(makeInstance('app-1', 'eu-west-1a'), makeInstance('app-2', 'eu-west-1a')), 'fail'],
    ['one alone', of(makeInstance('app-1', 'eu-west-1a')), 'fail'],
    [
      'one, and one that goes',
      of(makeInstance('app-1', 'eu-west-1a'), { ...serverless, status: 'deleting' }),
      'fail',
    ],
    ['none', of(), 'fail'],
    [
      'one whose zone is not told',
      of(makeInstance('app-1', 'eu-west-1a'), makeInstance('app-2', null)),
      'unreadable',
    ],
    ['not known', unknown, 'unreadable'],
  ])('%s: %s', (_, instances, verdict) => {
    expect(findOutcome('two-zones', makeFacts({ instances })).verdict).toBe(verdict);
  });

  test('none, in a Global Database: not applicable', () => {
    const facts = makeFacts({ instances: of(), settings: { globalCluster: 'world' } });
    expect(findOutcome('two-zones', facts)).toMatchObject({
      verdict: 'not-applicable',
      why: 'it has no instance, as a cluster of the Global Database world may',
    });
  });

  test('one: the command makes one like the writer in another zone, under a name that is free', () => {
    const instances = of(serverless, {
      ...makeInstance('app-1', 'eu-west-1b'),
      instanceClass: 'db.r8g.xlarge',
    });
    expect(findOutcome('two-zones', makeFacts({ instances })).mend).toEqual({
      command:
        'aws rds create-db-instance --db-cluster-identifier app --db-instance-identifier app-3 --engine aurora-postgresql --db-instance-class db.r8g.xlarge --db-parameter-group-name app-instance --no-publicly-accessible --region eu-west-1 --availability-zone ' +
        `"$(aws rds describe-db-clusters --db-cluster-identifier app --query 'DBClusters[0].AvailabilityZones[?@ != \`"eu-west-1b"\`] | [0]' --output text --region eu-west-1)"`,
      note: 'a second instance costs as much as app-1; where the cluster has no subnet in that zone, name another',
    });
  });

  test.each([
    ['Limitless', { isLimitless: true }],
    ['Serverless v1', { engineMode: 'serverless' }],
  ])('none, as of %s: not applicable', (_, cluster) => {
    expect(findOutcome('two-zones', makeFacts({ instances: of(), cluster })).verdict).toBe('not-applicable');
  });

  test('a long name with a hyphen where it is cut: no two in a row, which RDS refuses', () => {
    const cluster = { identifier: `a${'b'.repeat(59)}-cc` };
    const instances = of(makeInstance('app-1', 'eu-west-1a'));
    expect(findOutcome('two-zones', makeFacts({ cluster, instances })).mend?.command).toContain('b-2 ');
  });

  test('one that is public: so is the new one', () => {
    const instances = of(makeInstance('app-1', 'eu-west-1a', { isPublic: true }));
    expect(findOutcome('two-zones', makeFacts({ instances })).mend?.command).toContain(
      ' --publicly-accessible ',
    );
  });

  test('a cluster whose name is as long as RDS allows: so is that of the new instance', () => {
    const identifier = `a${'b'.repeat(62)}`;
    const facts = makeFacts({ cluster: { identifier }, instances: of(makeInstance('app-1', 'eu-west-1a')) });
    expect(findOutcome('two-zones', facts).mend?.command).toContain(
      `--db-instance-identifier ${identifier.slice(0, 61)}-2 `,
    );
  });
});

const off = { hasMinorUpgrades: false };
const bare: Instance = { ...makeInstance('app-3', 'eu-west-1c') };
delete bare.settings;

describe('minor-upgrades', () => {
  test.each([
    ['on for all', of(makeInstance('app-1', 'eu-west-1a')), 'pass'],
    ['off for one', of(makeInstance('app-1', null, off), makeInstance('app-2', null)), 'fail'],
    ['off for one, and not told of another', of(makeInstance('app-1', null, off), bare), 'fail'],
    [
      'off for one that goes',
      of(makeInstance('app-1', null), { ...makeInstance('app-2', null, off), status: 'deleting' }),
      'pass',
    ],
    ['not told of one', of(makeInstance('app-1', null), bare), 'unreadable'],
    ['no instance', of(), 'not-applicable'],
    ['not known', unknown, 'unreadable'],
  ])('%s: %s', (_, instances, verdict) => {
    expect(findOutcome('minor-upgrades', makeFacts({ instances })).verdict).toBe(verdict);
  });

  test('off, in a Global Database: not applicable', () => {
    const facts = makeFacts({
      instances: of(makeInstance('app-1', null, off)),
      settings: { globalCluster: 'world' },
    });
    expect(findOutcome('minor-upgrades', facts).verdict).toBe('not-applicable');
  });

  test.each([
    ['another Region', 'arn:aws:rds:eu-central-1:123456789012:cluster:app-2', 'not-applicable'],
    ['its own', 'arn:aws:rds:eu-west-1:123456789012:cluster:app-2', 'fail'],
    ['nobody knows where', 'app-2', 'fail'],
  ])('off, with a replica in %s: %s', (_, replica, verdict) => {
    const facts = makeFacts({
      instances: of(makeInstance('app-1', null, off)),
      cluster: { replication: { from: null, to: [replica] } },
    });
    expect(findOutcome('minor-upgrades', facts).verdict).toBe(verdict);
  });

  test.each([
    [false, 'fail'],
    [true, 'pass'],
    [null, 'pass'],
  ])('on for all, and %s for the cluster: %s', (hasMinorUpgrades, verdict) => {
    const instances = of(makeInstance('app-1', null));
    expect(
      findOutcome('minor-upgrades', makeFacts({ instances, settings: { hasMinorUpgrades } })).verdict,
    ).toBe(verdict);
  });

  test('off for the cluster and an instance: a command for each', () => {
    const instances = of(makeInstance('app-1', null, off));
    const found = findOutcome(
      'minor-upgrades',
      makeFacts({ instances, settings: { hasMinorUpgrades: false } }),
    );
    expect(found).toMatchObject({ seen: 'off for the cluster and app-1' });
    expect(found.mend?.command).toMatch(/^aws rds modify-db-cluster .* &&\naws rds modify-db-instance /);
  });

  test('off for two: a command for each instance, and none for the cluster', () => {
    const instances = of(makeInstance('app-2', null, off), makeInstance('app-1', null, off));
    const { mend } = findOutcome('minor-upgrades', makeFacts({ instances }));
    const modify = (name: string) =>
      `aws rds modify-db-instance --db-instance-identifier ${name} --auto-minor-version-upgrade --region eu-west-1`;
    expect(mend?.command).toBe(`${modify('app-1')} &&\n${modify('app-2')}`);
  });
});
