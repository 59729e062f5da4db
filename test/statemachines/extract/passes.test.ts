import { describe, expect, test } from 'vitest';
import { extractMachine } from '../../../local/machine/extract.ts';
import { DrillError } from '../../../shared/errors.ts';
import { failWith } from '../../functions/fakes.ts';
import { hardToPack, tableNamed } from '../../shared/copying/fake-copying.ts';
import { findLeft, settle, sweepUntilGone, targetOf } from '../model-world.ts';
import { everyRange, extractInput, extractOnce, makeExtractModel, readSchemas } from './world.ts';

const whole = [{ ranges: everyRange, comment: null }];

test('two tables: copied in several passes, finished, proven, told, filed before the teardown and after it; nothing is left', async () => {
  const model = makeExtractModel();
  const states: string[] = [];
  const { result, hasSucceeded } = await extractOnce(model, 'local-whole', {
    onState: (state) => void states.push(state),
  });
  expect([result.failure, result.verdict, hasSucceeded]).toEqual([null, 'passed', true]);
  expect(readSchemas(model)).toEqual(whole);
  expect(states.filter((state) => state === 'CopyTables').length).toBeGreaterThan(2);
  expect(result.tables).toMatchObject([
    { table: 'public.orders', rows: 3, ranges: { done: 3, all: 3 }, isParent: false },
    { table: 'public.users', rows: 5, ranges: { done: 5, all: 5 }, isParent: false },
  ]);
  expect(result.sandbox).toMatchObject({ state: 'complete', schema: [...model.schemas.keys()][0] });
  expect(model.messages.map(({ kind }) => kind)).toEqual(['extract-done']);
  expect(model.filed.map(({ teardown }) => teardown.status)).toEqual(['pending', 'completed']);
  await settle(model);
  expect(await findLeft(model, 'local-whole')).toEqual([]);
  const { cluster, writer } = targetOf('local-whole');
  expect([...new Set(model.changes)]).toEqual([
    `restoreCluster ${cluster}`,
    `addWriter ${writer}`,
    `deleteInstance ${writer}`,
    `deleteCluster ${cluster}`,
  ]);
});

test('a dry run: both sides are asked, and nothing is made', async () => {
  const model = makeExtractModel();
  const { result, hasSucceeded } = await extractOnce(model, 'local-dry', {
    input: { ...extractInput, dryRun: true },
  });
  expect([result.failure, result.dryRun, hasSucceeded]).toEqual([null, true, true]);
  expect([model.changes, readSchemas(model)]).toEqual([[], []]);
});

test('the state data has no room for the definitions: refused before anything is restored', async () => {
  const model = makeExtractModel(({ extraction }) => ({
    extraction: {
      ...extraction,
      describeTables: async () => [{ ...tableNamed('public.orders'), columns: hardToPack(4000) }],
    },
  }));
  const { result } = await extractOnce(model, 'local-large');
  expect(result.failure).toMatchObject({ phase: 'AskSides', error: 'InvalidInput' });
  expect([model.changes, readSchemas(model)]).toEqual([[], []]);
});

describe('production has no such table now', () => {
  const tables = ['orders', 'ordrs'];

  test('the latest time is asked for: refused before anything is restored', async () => {
    const model = makeExtractModel();
    const { result } = await extractOnce(model, 'local-typed', { input: { ...extractInput, tables } });
    expect(result.failure).toMatchObject({ phase: 'AskSides', error: 'TableNotFound' });
    expect(model.changes).toEqual([]);
    expect(model.messages.map(({ kind }) => kind)).toEqual(['extract-failed']);
  });

  test('a past time is asked for: the copy decides, and a dry run says that nobody knows', async () => {
    const input = { tables, restoreTo: '2h ago' };
    const dry = await extractOnce(makeExtractModel(), 'local-typed-dry', {
      input: { ...input, dryRun: true },
    });
    expect([dry.result.failure, dry.result.tablesNow]).toEqual([null, 'there is no public.ordrs']);
    const model = makeExtractModel();
    const { result } = await extractOnce(model, 'local-typed-past', { input });
    expect(result.failure).toMatchObject({ phase: 'DescribeTables', error: 'TableNotFound' });
    expect([result.sandbox?.state, readSchemas(model)]).toEqual(['not made', []]);
    await settle(model);
    expect(await findLeft(model, 'local-typed-past')).toEqual([]);
  });
});

describe('a sandbox that cannot take them: SandboxRefused, before anything is restored', () => {
  const answer = { isReadOnly: false, mayCreateSchema: true, hasSchema: false };

  test.each([
    ['a name that leads to production', { sandboxPort: 5432 }],
    ['a server that only reads', { inspect: async () => ({ ...answer, isReadOnly: true }) }],
    ['a user without the right', { inspect: async () => ({ ...answer, mayCreateSchema: false }) }],
    ['a schema of the name', { inspect: async () => ({ ...answer, hasSchema: true }) }],
    ['a user who is not let in', { inspect: failWith('DatabaseDenied') }],
  ])('%s', async (_, change: { inspect?: () => Promise<typeof answer>; sandboxPort?: number }) => {
    const model = makeExtractModel(({ extraction, aurora }) => ({
      extraction: { ...extraction, ...(change.inspect && { inspectSandbox: change.inspect }) },
      aurora: {
        ...aurora,
        findCluster: async (name) => {
          const found = await aurora.findCluster(name);
          const port = change.sandboxPort;
          // A name of its own, which is an alias.
          return found && name === 'dev-aurora' && port ? { ...found, port, endpoint: 'alias' } : found;
        },
      },
    }));
    const { result, hasSucceeded } = await extractOnce(model, 'local-refused');
    expect(result.failure).toMatchObject({ phase: 'AskSides', error: 'SandboxRefused' });
    expect([hasSucceeded, model.changes, readSchemas(model)]).toEqual([false, [], []]);
  });

  test('another cluster of its name', async () => {
    const model = makeExtractModel(({ aurora }) => ({
      aurora: {
        ...aurora,
        findCluster: async (name) => {
          const found = await aurora.findCluster(name);
          return found && name === 'dev-aurora' ? { ...found, resourceId: 'cluster-ANEW' } : found;
        },
      },
    }));
    const { result } = await extractOnce(model, 'local-renamed');
    expect(result.failure).toMatchObject({ phase: 'PrepareExtract', error: 'SandboxRefused' });
    expect(model.changes).toEqual([]);
  });
});

test('the name of the sandbox leads to production by the time rows are copied: refused, and nothing is written', async () => {
  let isMoved = false;
  const model = makeExtractModel(({ aurora }) => ({
    resolve: async (host) => [host === 'alias' && !isMoved ? '10.0.0.9' : '127.0.0.1'],
    aurora: {
      ...aurora,
      findCluster: async (name) => {
        const found = await aurora.findCluster(name);
        return found && name === 'dev-aurora' ? { ...found, port: 5432, endpoint: 'alias' } : found;
      },
    },
  }));
  const { result } = await extractOnce(model, 'local-moved', {
    aroundTask: (state, run) => {
      isMoved = state === 'CopyTables';
      return run();
    },
  });
  expect(result.failure).toMatchObject({ phase: 'CopyTables', error: 'SandboxRefused' });
  expect([result.sandbox?.state, readSchemas(model)]).toEqual(['not made', []]);
});

describe('run twice in a row, as after an answer that was lost', () => {
  test.each([...Object.keys(extractMachine.steps), 'every function'])(
    '%s: no row twice, none missing',
    async (twice) => {
      const model = makeExtractModel();
      const name = `local-twice-${twice.replace(' ', '-')}`;
      const { result, hasSucceeded } = await extractOnce(model, name, {
        aroundTask: async (state, run) => {
          if (state === twice || twice === 'every function') await run();
          return run();
        },
      });
      expect([result.failure, hasSucceeded]).toEqual([null, true]);
      expect(readSchemas(model)).toEqual(whole);
      await settle(model);
      expect(await findLeft(model, name)).toEqual([]);
    },
  );
});

test('a pass is cut off in the middle, as often as Lambda may: the next goes on, no row twice, none missing', async () => {
  const model = makeExtractModel();
  let passes = 0;
  const { result } = await extractOnce(model, 'local-cut', {
    aroundTask: async (state, run) => {
      const piece = await run();
      if (state === 'CopyTables' && passes++ % 2 === 0)
        throw Object.assign(new Error('killed'), { name: 'Lambda.Unknown' });
      return piece;
    },
  });
  expect([result.failure, readSchemas(model)]).toEqual([null, whole]);
});

describe('a copying that fails', () => {
  test('the schema says that it is incomplete, the message too, and the copy is torn down', async () => {
    const model = makeExtractModel(({ extraction }) => ({
      extraction: { ...extraction, finish: failWith('DatabaseFailure') },
    }));
    const { result, hasSucceeded } = await extractOnce(model, 'local-unfinished');
    expect(result.failure).toMatchObject({ phase: 'CopyTables', error: 'DatabaseFailure' });
    expect([result.sandbox?.state, hasSucceeded]).toEqual(['incomplete', false]);
    expect(readSchemas(model)).toEqual([{ ranges: everyRange, comment: 'its rows are being copied' }]);
    expect(model.messages[0]?.happened.join(' ')).toContain('incomplete');
    await settle(model);
    expect(await findLeft(model, 'local-unfinished')).toEqual([]);
  });

  test('a statement runs out of time once: the next pass does it; twice: it is told', async () => {
    const outOfTime = (times: number) =>
      makeExtractModel(({ extraction }) => {
        let left = times;
        const finish: typeof extraction.finish = async (...all) => {
          if (left-- > 0) throw new DrillError('OutOfTime', 'create index orders_by_day: timeout');
          return extraction.finish(...all);
        };
        return { extraction: { ...extraction, finish } };
      });
    const once = await extractOnce(outOfTime(1), 'local-late-once');
    expect(once.result.failure).toBeNull();
    const twice = await extractOnce(outOfTime(2), 'local-late-twice');
    expect(twice.result.failure).toMatchObject({
      phase: 'CopyTables',
      error: 'DatabaseFailure',
      cause: expect.stringContaining('create index orders_by_day'),
    });
  });

  test('the deadline of the plan passes: it ends, told, with nothing left', async () => {
    let statements = 0;
    const model = makeExtractModel(({ extraction }) => ({
      extraction: {
        ...extraction,
        finish: () => Promise.reject(new DrillError('OutOfTime', `index ${++statements}: timeout`)),
      },
    }));
    const { result } = await extractOnce(model, 'local-deadline');
    expect(result.failure).toMatchObject({ phase: 'CopyTables', error: 'DeadlineExceeded' });
    expect(statements).toBeGreaterThan(10);
    await settle(model);
    expect(await findLeft(model, 'local-deadline')).toEqual([]);
  });
});

test('a table in the sandbox differs: the extract fails, the schema says why, and there is no SQL to bring rows back', async () => {
  const model = makeExtractModel(({ sandboxes }) => ({
    sandboxes: {
      open: async (...all) => {
        const reader = await sandboxes.open(...all);
        return { ...reader, readDigest: async () => [{ range: 0, bucket: 0, rows: 3, hash: 7n }] };
      },
    },
  }));
  const { result, hasSucceeded } = await extractOnce(model, 'local-differs', {
    input: { ...extractInput, tables: ['orders'] },
  });
  expect(result.failure).toMatchObject({ phase: 'VerifyExtract', error: 'ExtractDiffers' });
  expect([result.sandbox?.state, result.bringBack, hasSucceeded]).toEqual(['incomplete', [], false]);
  expect(readSchemas(model)[0]?.comment).toBe('checksum public.orders: values differ from those of the copy');
});

test('nothing is known of the proof: the schema does not say that it is whole', async () => {
  const model = makeExtractModel(() => ({ sandboxes: { open: failWith('DatabaseDenied') } }));
  const { result } = await extractOnce(model, 'local-unproven');
  expect(result.failure).toMatchObject({ phase: 'VerifyExtract', error: 'DatabaseDenied' });
  expect([result.sandbox?.state, readSchemas(model)[0]?.comment]).toEqual([
    'incomplete',
    'it is not verified yet',
  ]);
});

test('production cannot be read any more: the tables are proven all the same, and what has changed is not known', async () => {
  let opened = 0;
  const model = makeExtractModel(({ database }) => ({
    // First for its side effects, then the copy, then to compare.
    database: { open: (...all) => (++opened === 3 ? failWith('DatabaseFailure')() : database.open(...all)) },
  }));
  const { result } = await extractOnce(model, 'local-down');
  expect([result.failure, result.changes?.summary]).toEqual([null, 'not known: injected DatabaseFailure']);
});

test('the copy cannot be deleted: told a second time, the execution ends red, and a sweep removes it', async () => {
  const model = makeExtractModel(({ aurora }) => ({
    aurora: { ...aurora, deleteInstance: failWith('AccessDenied') },
  }));
  const { result, hasSucceeded } = await extractOnce(model, 'local-left');
  expect([result.teardown.status, result.sandbox?.state, hasSucceeded]).toEqual([
    'failed',
    'complete',
    false,
  ]);
  expect(model.messages.map(({ kind }) => kind)).toEqual(['extract-done', 'teardown-failed']);
  await sweepUntilGone(model);
  await settle(model);
  expect(await findLeft(model, 'local-left')).toEqual([]);
});
