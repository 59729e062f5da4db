import { afterAll, beforeAll } from 'vitest';
import { type PackagedStack, packageStack } from '../../bench/packaged-stack.ts';
import { testBundles } from './bundles.ts';
import { testMonitors } from './monitors.ts';
import { testTemplate } from './template.ts';

let stack: PackagedStack;

// Once for all: packaging works in a folder of the checkout, so it cannot be done twice at a time.
beforeAll(async () => {
  stack = await packageStack();
});
afterAll(() => stack.remove());

testTemplate(() => stack);
testMonitors(() => stack);
testBundles(() => stack);
