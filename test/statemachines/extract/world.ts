import { type ExtractOptions, type ExtractWorld, startExtract } from '../../../local/machine/extract.ts';
import type { ExtractDocument } from '../../../shared/extraction/document.ts';
import { type ModelWorld, makeModelWorld } from '../model-world.ts';

/** The model of Aurora, a sandbox, and what was filed. */
export type ExtractModel = Omit<ModelWorld, 'world'> & { world: ExtractWorld; filed: ExtractDocument[] };

/** @param changes of the world, made of the one that there is */
export const makeExtractModel = (
  change: (world: ExtractWorld) => Partial<ExtractWorld> = () => ({}),
): ExtractModel => {
  const model = makeModelWorld();
  const filed: ExtractDocument[] = [];
  const world: ExtractWorld = { ...model.world, file: async (document) => void filed.push(document) };
  return { ...model, filed, world: { ...world, ...change(world) } };
};

export const extractInput = { restoreTo: 'latest', tables: ['orders', 'users'] };

/** Runs one extract to its end. */
export const extractOnce = async (
  { world }: Pick<ExtractModel, 'world'>,
  name: string,
  options: Partial<ExtractOptions> = {},
) => (await startExtract({ name, input: extractInput, waitMs: 1, world, ...options })).finished;

/** Every range that was copied into the one schema there is, once each. */
export const everyRange = [
  ...[1, 2, 3].map((number) => `public.orders ${number}`),
  ...[1, 2, 3, 4, 5].map((number) => `public.users ${number}`),
];

/** What stands in the sandbox: ranges in order of name, and why it is incomplete. */
export const readSchemas = ({ schemas }: Pick<ExtractModel, 'schemas'>) =>
  [...schemas.values()].map(({ copying, comment }) => ({ ranges: copying.begun.toSorted(), comment }));
