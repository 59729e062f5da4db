import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PackagedStack, packageStack } from '../../bench/packaged-stack.ts';
import { listBlocks, readPages } from '../docs/pages.ts';
import { testBenches } from './benches.ts';
import { testBundles } from './bundles.ts';
import { testFiling } from './filing.ts';
import { testMonitors } from './monitors.ts';
import { testPermissions } from './permissions.ts';
import { testPolicies } from './policies.ts';
import { testReferences } from './references.ts';
import { testRefusals } from './refusals.ts';
import { testReports } from './reports.ts';
import { testRequests } from './requests.ts';
import { testResourcePolicies } from './resource-policies.ts';
import { testRewinds } from './rewinds.ts';
import { testSweeper } from './sweeper.ts';
import { testTemplate } from './template.ts';

let stack: PackagedStack | undefined;

// Once for all tests: packaging works in a folder of the checkout, so two runs cannot overlap.
// It bundles every function: more than a minute where others use the processors too.
beforeAll(async () => {
  stack = await packageStack();
}, 300_000);
afterAll(() => stack?.remove());

const getStack = (): PackagedStack => {
  if (stack === undefined) throw new Error('the stack could not be packaged');
  return stack;
};

test('docs/install.md packages with the command that packaged this stack', async () => {
  const blocks = listBlocks(await readPages(), 'sh').filter(
    ({ mark }) => mark === 'run by test/packaging/package.test.ts',
  );
  expect(blocks.map(({ page, text }) => [page, text])).toEqual([['docs/install.md', 'npm run package']]);
});

testTemplate(getStack);
testMonitors(getStack);
testSweeper(getStack);
testPolicies(getStack);
testReports(getStack);
testRequests(getStack);
testRefusals(getStack);
testRewinds(getStack);
testResourcePolicies(getStack);
testReferences(getStack);
testPermissions(getStack);
testBundles(getStack);
testFiling(getStack);
testBenches(getStack);
