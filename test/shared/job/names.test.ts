import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drillPrefix, drillTags, jobId, tagsOf, targetNames } from '../../../shared/job/names.ts';

/** Amazon RDS API, DBClusterIdentifier and DBInstanceIdentifier; RDS stores both in lower case. */
const rdsIdentifier = /^[a-z](?!.*--)[a-z0-9-]{0,62}(?<!-)$/;

const source = fc
  .array(fc.stringMatching(/^[A-Za-z0-9]{1,20}$/), { minLength: 1, maxLength: 8 })
  .map((words) => `p${words.join('-')}`.slice(0, 63).replace(/-$/, ''));
const execution = fc.string().map((name) => `arn:aws:states:eu-west-1:111122223333:execution:drill:${name}`);

test('any source and execution: cluster and writer are valid RDS identifiers that begin with the prefix', () => {
  fc.assert(
    fc.property(source, execution, (identifier, arn) => {
      const { cluster, writer } = targetNames(identifier, jobId(arn));
      for (const name of [cluster, writer]) {
        expect(name).toMatch(rdsIdentifier);
        expect(name.startsWith(drillPrefix)).toBe(true);
      }
      expect(writer).not.toBe(cluster);
    }),
  );
});

test('any source and execution: the target is not the source, and names the drill', () => {
  fc.assert(
    fc.property(source, execution, (identifier, arn) => {
      const { cluster } = targetNames(identifier, jobId(arn));
      expect(cluster).not.toBe(identifier.toLowerCase());
      expect(cluster.endsWith(`-${jobId(arn)}`)).toBe(true);
    }),
  );
});

test.each([
  ['prod-aurora-main', 'drill-prod-aurora-main-1f2e3d4c'],
  ['Prod-Main', 'drill-prod-main-1f2e3d4c'],
  ['a'.repeat(63), `drill-${'a'.repeat(41)}-1f2e3d4c`],
  [`${'a'.repeat(40)}-${'b'.repeat(22)}`, `drill-${'a'.repeat(40)}-1f2e3d4c`],
])('source %s: restored as %s', (identifier, cluster) => {
  expect(targetNames(identifier, '1f2e3d4c')).toEqual({
    cluster,
    writer: `${cluster}-writer`,
    snapshot: `${cluster}-snapshot`,
  });
});

test('the same execution: the same id each time', () => {
  expect(jobId('arn:aws:states:eu-west-1:111122223333:execution:aurora-drills:schedule-1')).toBe('b2ec1b15');
});

test('different executions: different ids', () => {
  fc.assert(
    fc.property(execution, execution, (one, other) => {
      fc.pre(one !== other);
      expect(jobId(one)).not.toBe(jobId(other));
    }),
  );
});

test("tags of a drill: the public keys with the drill's own facts", () => {
  const drill = {
    id: '1f2e3d4c',
    kind: 'drill',
    source: 'app',
    execution: 'arn:x',
    expires: '2026-11-16T10:30:00Z',
  } as const;
  expect(tagsOf(drill)).toEqual({
    'aurora-drills:drill': '1f2e3d4c',
    'aurora-drills:job': 'drill',
    'aurora-drills:source': 'app',
    'aurora-drills:execution': 'arn:x',
    'aurora-drills:expires': '2026-11-16T10:30:00Z',
  });
  expect(Object.values(drillTags).every((key) => key.startsWith('aurora-drills:'))).toBe(true);
});
