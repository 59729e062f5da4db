import { expect, test } from 'vitest';
import { blankCluster } from '../../../../local/aurora/descriptions.ts';
import { knowSandbox, type LocalSandbox } from '../../../../local/aurora/sandbox.ts';
import { readExtractArguments } from '../../../../local/command/extract/arguments.ts';
import { readExtractSettings } from '../../../../local/command/settings.ts';
import type { Aurora } from '../../../../shared/aurora/port.ts';
import { assertSandboxCluster } from '../../../../shared/extraction/sandbox.ts';
import { choosePlan, parsePlans } from '../../../../shared/plan/plans.ts';
import { chooseSandbox } from '../../../../shared/plan/sandboxes.ts';

const readSettings = async (words: string[]) => {
  const command = readExtractArguments(words);
  if (command.kind === 'print') throw new Error('no command');
  return readExtractSettings(command.arguments);
};

const source = blankCluster('postgres', 'local-aurora', 5432);
const aurora = { findCluster: async () => source } as unknown as Aurora;

test.each([
  [undefined, null],
  ['18.4 (Debian 18.4-1)', null],
  ['17.2', 'it has version 17.2, expected 18 or later'],
])("one's own server of version %j: the plan names it, and it is judged as %j", async (version, refusal) => {
  const { plansText, options } = await readSettings(['--into', 'postgres://me:pw@127.0.0.1:5433/app']);
  const sandbox = chooseSandbox(choosePlan(parsePlans(plansText, 'here'), undefined, 'here'), undefined);
  expect(sandbox).toMatchObject({ name: 'local', database: 'app', user: 'me' });
  const own: LocalSandbox = {
    address: options.into?.address ?? expect.unreachable(),
    signIn: async () => ({ password: 'pw', ssl: false }),
    version,
  };
  const known = knowSandbox(aurora, 'postgres', own);
  const found = await known.findCluster(sandbox.cluster);
  expect(await known.findCluster('local-aurora')).toBe(source);
  const judge = () => assertSandboxCluster(sandbox, found, source, []);
  if (refusal === null) expect(judge()).toMatchObject({ endpoint: '127.0.0.1', port: 5433 });
  else expect(judge).toThrow(refusal);
});

test('a condition that is none: refused before anything is started', async () => {
  await expect(readSettings(['--where', 'id = 1; drop table orders'])).rejects.toMatchObject({
    name: 'InvalidInput',
    message: expect.stringContaining('where["public.orders"]'),
  });
});
