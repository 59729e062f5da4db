import { DrillError } from '../errors.ts';

/** A name that something gets in the sandbox's schema. `of`: what it is, or the table that it belongs to. */
export type Taken = { name: string; of: string };

/** Tables of several schemas go into one, where each name is there once. @throws DrillError TableNotExtractable */
export const refuseNamesakes = (taken: readonly Taken[]): void => {
  const seen = new Map<string, string>();
  for (const { name, of } of taken) {
    const other = seen.get(name);
    if (other !== undefined) {
      const why = `${other} and ${of} would both have the name ${name} in the schema of the sandbox`;
      throw new DrillError('TableNotExtractable', why, { hint: 'extract them one after the other' });
    }
    seen.set(name, of);
  }
};
