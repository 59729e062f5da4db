import { describe, expect, test } from 'vitest';
import { parsePlans } from '../../shared/plan/plans.ts';
import { rewindPolicy } from '../../shared/stack/rewind-policy.ts';
import { recoveredCluster, sources, target } from './drill-fixture.ts';
import { decide, readStatements, type Statement } from './iam.ts';
import { arnOf, type Role, readRoles, resolverOf } from './roles.ts';
import type { GetStack } from './stack.ts';

const database = { name: 'app', user: 'drill_reader' };
const withRewind = parsePlans(
  JSON.stringify({
    plans: {
      mysql: { source: 'Prod-MySQL', database, rewind: 'allowed' },
      other: { source: 'prod-other', database },
    },
  }),
  'plans.yml',
);

const everything: Statement = {
  effect: 'Allow',
  actions: { isExcept: false, patterns: ['rds:*'] },
  resources: { isExcept: false, patterns: ['*'] },
  conditions: [],
};

export const testRewinds = (getStack: GetStack) =>
  describe('who may rewind a cluster', () => {
    /** The roles as they are with these plans: one policy is made from them. */
    const rolesWith = (plans: typeof withRewind): Role[] => {
      const allowed = readStatements(rewindPolicy(plans), resolverOf(getStack().template.Resources));
      return readRoles(getStack()).map((role) => ({
        ...role,
        statements: role.policies.flatMap(({ name, statements }) =>
          name === 'RewindsAllowed' ? allowed : statements,
        ),
      }));
    };
    const clusters = [...sources, 'prod-mysql', 'prod-other', target, recoveredCluster].map((name) =>
      arnOf('rds', `cluster:${name}`),
    );
    const findRewinders = (roles: readonly Pick<Role, 'id' | 'statements'>[]): string[] =>
      roles.flatMap(({ id, statements }) =>
        clusters
          .filter(
            (arn) => decide(statements, { action: 'rds:BacktrackDBCluster', on: [{ arn }] }) === 'allowed',
          )
          .map((arn) => `${id} on ${arn}`),
      );
    const mistaken = (roles: readonly Role[]) =>
      roles
        .filter(({ trust }) => JSON.stringify(trust).includes('lambda.amazonaws.com'))
        .map(({ id, statements }) => ({ id, statements: [...statements, everything] }));
    const ofSource = `RewindClusterRole on ${arnOf('rds', 'cluster:prod-mysql')}`;

    test('no plan says rewind: allowed: no role, and none that is allowed all of RDS by mistake', () => {
      const roles = readRoles(getStack());
      expect(roles.map(({ id }) => id)).toContain('RewindClusterRole');
      expect(JSON.stringify(roles)).not.toContain('BacktrackDBCluster"');
      expect(findRewinders(roles)).toEqual([]);
      expect(findRewinders(mistaken(roles)).filter((one) => !one.includes(target))).toEqual([]);
    });

    test('a plan says so: one role, that source alone, also when a role is allowed all of RDS by mistake', () => {
      const roles = rolesWith(withRewind);
      expect(findRewinders(roles)).toEqual([ofSource]);
      expect(findRewinders(mistaken(roles)).filter((one) => !one.includes(target))).toEqual([ofSource]);
    });
  });
