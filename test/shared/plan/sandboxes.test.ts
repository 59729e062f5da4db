import { expect, test } from 'vitest';
import { chooseSandbox, type Sandbox } from '../../../shared/plan/sandboxes.ts';
import { makePlans } from './plan-fixture.ts';

const dev: Sandbox = {
  cluster: 'dev-aurora',
  resourceId: 'cluster-ABC',
  database: 'sandbox',
  user: 'sandbox_writer',
};
const planWith = (sandboxes: object) => makePlans({ shop: { sandboxes } });

test('a sandbox: taken as it is', () => {
  expect(planWith({ dev }).shop?.sandboxes).toEqual({ dev });
});

test.each([
  ["the plan's own source", { cluster: 'APP' }, 'cluster: expected no source of a plan, and this is the one'],
  ["another plan's source", { cluster: 'billing' }, 'cluster: expected no source of a plan'],
  [
    'the resource id that another plan names as its source',
    { resourceId: 'cluster-XYZ' },
    'plans.shop.sandboxes.dev.resourceId: expected no source of a plan, and this is the one of plan odd',
  ],
  ['a cluster that drills delete', { cluster: 'drill-app-7a8b9c0d' }, 'does not begin with drill-'],
  ['another resource id', { resourceId: 'db-ABC' }, 'expected the resource id of the cluster'],
  ['no user', { user: undefined }, 'sandboxes.dev.user'],
  ['a password', { password: 'secret' }, 'sandboxes.dev.password: unknown key'],
])('a sandbox with %s: InvalidPlan that names it', (_, keys, problem) => {
  const read = () =>
    makePlans({
      shop: { sandboxes: { dev: { ...dev, ...keys } } },
      bills: { source: 'billing' },
      odd: { source: 'cluster-xyz' },
    });
  expect(read).toThrow(
    expect.objectContaining({ name: 'InvalidPlan', summary: expect.stringContaining(problem) }),
  );
});

const choose = (sandboxes: Record<string, Sandbox>, name?: string) =>
  chooseSandbox({ name: 'shop', plan: { sandboxes } }, name);
const fails = (name: string, problem: string) =>
  expect.objectContaining({ name, summary: expect.stringContaining(problem) });

test('the sandbox that a start names, or the only one', () => {
  const qa = { ...dev, cluster: 'qa-aurora' };
  expect(choose({ dev, qa }, 'qa')).toEqual({ name: 'qa', ...qa });
  expect(choose({ dev })).toEqual({ name: 'dev', ...dev });
});

test.each([
  ['a plan without sandboxes', {}, 'dev', 'InvalidPlan', 'plan shop has no sandboxes'],
  ['no name, and several', { dev, qa: dev }, undefined, 'InvalidInput', 'several; plan shop has dev, qa'],
  ['a name that is not there', { dev }, 'toString', 'InvalidInput', 'no "toString"; plan shop has dev'],
])('%s: the error that says what there is', (_, sandboxes, name, error, problem) => {
  expect(() => choose(sandboxes, name)).toThrow(fails(error, problem));
});
