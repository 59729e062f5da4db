import * as z from 'zod';
import { DrillError } from '../errors.ts';
import { planNamePattern } from '../job/names.ts';
import { clusterName } from './identifiers.ts';

/** A database of a plan that extracted tables go to. It is never production. */

const sandbox = z.strictObject({
  cluster: clusterName.describe('the identifier of the Aurora cluster, which is the source of no plan'),
  resourceId: z
    .string()
    .regex(/^cluster-[A-Za-z0-9-]+$/, 'expected the resource id of the cluster: cluster-...')
    .describe('its DbClusterResourceId: the role of the function that copies reaches this one alone'),
  database: z.string().min(1),
  user: z.string().min(1).describe('signs in with IAM, and may create schemas in this database'),
});

export type Sandbox = z.infer<typeof sandbox>;

export const sandboxes = z
  .record(
    z.string().regex(planNamePattern, 'expected a sandbox name of at most 40 letters, digits, - and _'),
    sandbox,
  )
  .describe('the databases that extracted tables go to, each under a name of its own');

type Named = { source: string; sandboxes: Record<string, Sandbox> };

/** Refuses a sandbox that is the source of any plan, by its name or its resource id. */
export const refuseSources = (
  plans: Record<string, Named>,
  context: z.core.$RefinementCtx<Record<string, Named>>,
): void => {
  const plansBySource = new Map(
    Object.entries(plans).map(([name, { source }]) => [source.toLowerCase(), name]),
  );
  for (const [plan, named] of Object.entries(plans)) {
    for (const [name, sandbox] of Object.entries(named.sandboxes)) {
      for (const key of ['cluster', 'resourceId'] as const) {
        const owner = plansBySource.get(sandbox[key].toLowerCase());
        if (owner === undefined) continue;
        context.addIssue({
          code: 'custom',
          path: [plan, 'sandboxes', name, key],
          message: `expected no source of a plan, and this is the one of plan ${owner}`,
        });
      }
    }
  }
};

/**
 * The sandbox that a start names. Without a name it is the only one of the plan.
 * @throws DrillError InvalidPlan, InvalidInput
 */
export const chooseSandbox = (
  { name: plan, plan: { sandboxes: all } }: { name: string; plan: Pick<Named, 'sandboxes'> },
  name: string | undefined,
): Sandbox & { name: string } => {
  const names = Object.keys(all);
  if (names.length === 0) {
    throw new DrillError('InvalidPlan', `plan ${plan} has no sandboxes, and tables are extracted into one`, {
      hint: 'add sandboxes to the plan, as docs/extract.md shows, and deploy again',
    });
  }
  const chosen = name ?? (names.length === 1 ? names[0] : undefined);
  const found = chosen === undefined || !Object.hasOwn(all, chosen) ? undefined : all[chosen];
  if (chosen !== undefined && found !== undefined) return { name: chosen, ...found };
  const seen = chosen === undefined ? 'the input names no sandbox and there are several' : `no "${chosen}"`;
  throw new DrillError('InvalidInput', `sandbox: ${seen}; plan ${plan} has ${names.join(', ')}`);
};
