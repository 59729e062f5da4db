import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findRefusal } from '../../../shared/job/guard.ts';
import { jobId, tagsOf, targetNames } from '../../../shared/job/names.ts';
import { assertFitsTag, fromTagValue, toTagValue } from '../../../shared/job/tag-values.ts';
import { decideSweep } from '../../../shared/teardown/sweep-decision.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';

/** Amazon RDS API, Tag. */
const rdsPattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const machine = 'arn:aws:states:eu-west-1:111122223333:stateMachine:aurora-drills-prod';
const arnOf = (name: string) => `${machine.replace(':stateMachine:', ':execution:')}:${name}`;

/** What Step Functions takes in a name (API, StartExecution). */
const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{C}]/u;
const name = fc
  .array(fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 20 })
  .map((signs) => signs.filter((sign) => !forbidden.test(sign)).join(''))
  .filter((one) => one !== '');

const source = 'prod-aurora-main';
const makeCopy = (execution: string, changes: Record<string, string> = {}) => {
  const id = jobId(execution);
  const tags = tagsOf({ kind: 'drill', id, source, execution, expires: '2026-11-16T13:00:00Z' });
  return makeCluster({ identifier: targetNames(source, id).cluster, tags: { ...tags, ...changes } });
};

test.each([
  ['schedule-6f1c2d3e-9a', 'schedule-6f1c2d3e-9a'],
  ['before (again)!', 'before /28/again/29//21/'],
  ["it's-é", 'it/27/s-é'],
  ['go🚀', 'go/1f680/'],
])('execution %s: its tag ends with %s', (execution, value) => {
  expect(toTagValue(arnOf(execution))).toBe(arnOf(value));
});

test('any name of an execution: RDS takes every tag, and the ARN is read back from it', () => {
  fc.assert(
    fc.property(name, (one) => {
      const { tags } = makeCopy(arnOf(one));
      for (const value of Object.values(tags)) expect(value).toMatch(rdsPattern);
      expect(fromTagValue(toTagValue(arnOf(one)))).toBe(arnOf(one));
    }),
  );
});

test('any name of an execution: its teardown and the sweeper know its copy', () => {
  fc.assert(
    fc.property(name, (one) => {
      const copy = makeCopy(arnOf(one));
      const owner = { id: jobId(arnOf(one)), source, execution: arnOf(one) };
      expect(findRefusal(copy, owner, [])).toBeNull();
      const scope = { stateMachineArns: [machine], neverDeleted: [], now: '2026-11-16T12:00:00Z' };
      expect(decideSweep(copy, scope)).toMatchObject({ action: 'look-up', owner });
    }),
  );
});

test('a tag that means the same execution and is written in another way: refused', () => {
  const execution = arnOf('again');
  const copy = makeCopy(execution, { 'aurora-drills:execution': arnOf('/61/gain') });
  expect(fromTagValue(arnOf('/61/gain'))).toBe(execution);
  expect(findRefusal(copy, { id: jobId(execution), source, execution }, [])).toContain('expected');
});

test.each(['/110000/', '/zz/', '/', '//'])(
  'a tag with %s, which no execution has: read as it is',
  (value) => {
    expect(fromTagValue(value)).toBe(value);
  },
);

test('a name of 80 characters that a tag may have: taken; of 80 others: InvalidInput', () => {
  expect(() => assertFitsTag(arnOf('a'.repeat(80)))).not.toThrow();
  expect(() => assertFitsTag(arnOf('('.repeat(80)))).toThrow(
    expect.objectContaining({ name: 'InvalidInput', summary: expect.stringContaining('RDS takes 256') }),
  );
});
