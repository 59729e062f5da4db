import { describe, expect, test } from 'vitest';
import type { ExtractWorld } from '../../../local/machine/extract.ts';
import { extractPhases } from '../../../shared/extraction/document.ts';
import {
  type Call,
  expectedName,
  failFunction,
  isRetried,
  listCases,
  listRows,
  runCases,
  type Watch,
  watchCalls,
} from '../call-faults.ts';
import { renderFaults } from '../fault-table.ts';
import { platformErrors, translate } from '../injected-faults.ts';
import { changing, findLeft, settle, sweepUntilGone } from '../model-world.ts';
import { everyRange, extractOnce, makeExtractModel, readSchemas } from './world.ts';

/** Runs an extract in which each call goes through these. */
const extractThrough = async (watch: Watch, name: string) => {
  const { aurora, through, aroundTask } = watchCalls(watch);
  const model = makeExtractModel();
  const { world } = model;
  const { extraction } = world;
  const wrapped: ExtractWorld = {
    ...world,
    aurora: aurora(world.aurora),
    database: { open: through('open', world.database.open) },
    sandboxes: { open: through('openSandbox', world.sandboxes.open) },
    notify: through('notify', world.notify),
    file: through('file', world.file),
    resolve: through('resolve', world.resolve),
    extraction: {
      describeTables: through('describe', extraction.describeTables),
      inspectSandbox: through('inspect', extraction.inspectSandbox),
      makeSchema: through('make', extraction.makeSchema),
      openCopying: through('copy', extraction.openCopying),
      finish: through('finish', extraction.finish),
      markSchema: through('mark', extraction.markSchema),
    },
  };
  const ended = await extractOnce({ world: wrapped }, name, { aroundTask });
  await settle(model);
  const left = await findLeft(model, name);
  await sweepUntilGone(model);
  await settle(model);
  return { ...ended, model, left, leftAfterSweeps: await findLeft(model, name) };
};

const calls = new Set<Call>();
await extractThrough({ before: (call) => void calls.add(call) }, 'local-faults-none');
const sqlVerbs = {
  open: 'sign in to production or the copy',
  openSandbox: 'sign in to the sandbox, to read',
  resolve: 'look up a name in DNS',
  describe: 'read the catalog',
  inspect: 'sign in to the sandbox, and look at it',
  make: 'make the schema in the sandbox',
  copy: 'sign in to the copy and the sandbox, to copy rows',
  finish: 'make keys and indexes in the sandbox',
  mark: 'say in the comment of the schema that it was verified',
};
const cases = listCases(calls, Object.keys(sqlVerbs));

test('the calls that are tried are those of every state', () => {
  const phases = new Set([...calls].map((call) => call.split(' ')[0]));
  expect([...phases].sort()).toEqual([...extractPhases, 'ConcludeExtract'].sort());
  expect(cases.length).toBeGreaterThan(120);
});

const outcomes = await runCases(cases, extractThrough, 'ConcludeExtract');

const whole = [{ ranges: everyRange, comment: null }];

test.each(outcomes.filter(isRetried))(
  '$call answers $error at first: the tables are extracted, no row twice, and nothing is left',
  ({ first }) => {
    expect([first.result.failure, first.hasSucceeded, first.left]).toEqual([null, true, []]);
    expect(readSchemas(first.model)).toEqual(whole);
  },
);

/** The last state files again what is not filed before the teardown. */
const spared = ['NotifyExtract file'];

test.each(outcomes)(
  '$call answers $error always: it ends with name, phase and hint, no row twice, and nothing is left',
  ({ always, ...one }) => {
    const { failure, sandbox } = always.result;
    if (spared.includes(one.call)) expect([failure, always.hasSucceeded]).toEqual([null, true]);
    else {
      expect(failure).toMatchObject({ phase: one.call.split(' ')[0], error: expectedName(one) });
      expect(failure?.hint).toMatch(/\w{3}/);
      expect(always.hasSucceeded).toBe(false);
    }
    expect(always.left).toEqual([]);
    const [schema] = readSchemas(always.model);
    expect(new Set(schema?.ranges).size).toBe(schema?.ranges.length ?? 0);
    // What the schema says of itself is what people are told.
    if (schema !== undefined) expect(sandbox?.state === 'complete').toBe(schema.comment === null);
  },
);

const intro = `# What an extract does when AWS fails

As [of a drill](faults.md): every call of an extract before its teardown, with the errors that it can meet. Each row has been run through the state machine, on a model of Aurora and of a
sandbox; the test that does so writes this page. The teardown is that of a drill. No row is ever copied twice. A schema that was made is there afterwards, and says that it is incomplete unless all of it was verified.

`;

test('docs/extract-faults.md is what was seen here', async () => {
  const rows = listRows(outcomes, { ...sqlVerbs, notify: 'Publish', file: 'PutObject, GetObject' });
  await expect(`${intro}${renderFaults(rows)}\n`).toMatchFileSnapshot('../../../docs/extract-faults.md');
});

const lossy = [...calls].filter((call) => changing.includes(call.split(' ')[1] ?? ''));

test.each(lossy)(
  '%s does what it is asked for, and its answer is lost: the tables are extracted, and nothing is left',
  async (call) => {
    let isLost = false;
    const after = (seen: Call) => {
      if (seen !== call || isLost) return;
      isLost = true;
      throw translate('restoreCluster', 'ECONNRESET');
    };
    const run = await extractThrough({ after }, `local-${call.replace(' ', '-')}-lost`);
    expect(isLost).toBe(true);
    expect([run.result.failure, run.hasSucceeded, run.left]).toEqual([null, true, []]);
  },
);

describe.each([...extractPhases, 'ConcludeExtract'])('the function %s', (phase) => {
  // What compares for minutes would only compare again.
  const isRepeated = (name: string) => phase !== 'VerifyExtract' || name.startsWith('Lambda.TooManyRequests');

  test.each(platformErrors)('%s once: it is run again, or its failure is told', async (name) => {
    const around = failFunction(phase, name, 1);
    const { result, left } = await extractThrough({ around }, `local-${phase}-${name}`);
    expect([result.failure?.error ?? null, left]).toEqual([isRepeated(name) ? null : name, []]);
  });

  if (phase === 'ConcludeExtract') return;

  test.each(platformErrors)(
    '%s always: told by its name, with the phase and a hint; a sweep leaves nothing',
    async (name) => {
      const around = failFunction(phase, name, Number.POSITIVE_INFINITY);
      const run = await extractThrough({ around }, `local-${phase}-${name}-on`);
      expect(run.result.failure).toMatchObject({ phase, error: name, hint: expect.stringMatching(/\w{3}/) });
      expect(run.leftAfterSweeps).toEqual([]);
    },
  );
});
