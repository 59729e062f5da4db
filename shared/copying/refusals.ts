import { DrillError } from '../errors.ts';

/** What holds the tables in the sandbox, as the engine calls it. */
type Holder = 'schema' | 'database';

export const refuseForeign = (holder: Holder, name: string): DrillError =>
  new DrillError('SandboxRefused', `the sandbox has a ${holder} ${name} that is not of this extract`, {
    hint: 'nothing was written; find out who made it, and start the extract again',
  });

/** @param what the extract made, and needs */
export const refuseLost = (what: string): DrillError =>
  new DrillError('DatabaseFailure', `the sandbox no longer has the ${what} of this extract`, {
    hint: 'find out who dropped it, and start the extract again',
  });
