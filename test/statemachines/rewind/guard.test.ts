import { describe, expect, test } from 'vitest';
import { playBinlog } from '../../../local/aurora/database.ts';
import type { Backtracking } from '../../../shared/aurora/backtracks.ts';
import { addSeconds, toIso, toWholeSecond } from '../../../shared/instants.ts';
import { failWith } from '../../functions/fakes.ts';
import { settle } from '../model-world.ts';
import { confirmOnce, countCalls, makeRewindModel, type RewindModel, rewindOnce } from './world.ts';

type Input = Record<string, unknown>;

/** A start with what the pre-flight answered, changed. */
const startChanged = async (
  model: RewindModel,
  change: (input: Input) => Input | Promise<Input>,
): ReturnType<typeof rewindOnce> => {
  const input = (await confirmOnce(model)) as Input;
  model.changes.length = 0;
  return rewindOnce(model, 'local-confirmed', { input: await change(input) });
};

const pass = (model: RewindModel, seconds: number): void => {
  const end = Date.now() + seconds * 1000;
  while (model.now().getTime() < end);
};

describe('a code that does not fit: nothing is made, nothing is rewound, and why is said', () => {
  test.each<[string, (input: Input, model: RewindModel) => Input, RegExp]>([
    ['no code at all', (input) => ({ ...input, confirm: 'yes' }), /"yes" is no code of a pre-flight/],
    [
      'an old code',
      (input, model) => {
        pass(model, 3600);
        return input;
      },
      /a code holds for 15 minutes/,
    ],
    [
      'another time',
      (input) => ({ ...input, restoreTo: addSeconds(String(input.restoreTo), -60) }),
      /is of another time than/,
    ],
    [
      'another source',
      (input) => ({ ...input, confirm: String(input.confirm).replace(/-[0-9a-f]{6}-/, '-000000-') }),
      /is of another cluster than prod-shop/,
    ],
    [
      'changed facts',
      (input, model) => {
        const { findCluster } = model.world.aurora;
        model.world.aurora = {
          ...model.world.aurora,
          findCluster: async (name) => {
            const cluster = await findCluster(name);
            return cluster && { ...cluster, engineVersion: '8.0.mysql_aurora.3.11.0' };
          },
        };
        return input;
      },
      /what is known of prod-shop has changed since/,
    ],
  ])('%s', async (_, change, cause) => {
    const model = makeRewindModel();
    const { result, hasSucceeded } = await startChanged(model, (input) => change(input, model));
    expect(result.failure).toMatchObject({
      phase: 'CheckReadiness',
      error: 'RewindNotConfirmed',
      cause: expect.stringMatching(cause),
    });
    expect(hasSucceeded).toBe(false);
    expect(model.changes).toEqual([]);
    expect(model.messages.at(-1)?.kind).toBe('rewind-failed');
  });
});

describe('somebody else has rewound it since the code: no clone could be of before, so nothing is made or asked', () => {
  test.each<[string, (model: RewindModel) => Promise<unknown>]>([
    [
      'by hand',
      async (model) => {
        await model.world.aurora.backtrackCluster({ cluster: 'prod-shop', to: model.to });
        await settle(model);
      },
    ],
    [
      'with another code, to a time nearby',
      async ({ world, to }) => {
        const nearby = { world, to: addSeconds(to, 120) };
        const name = 'local-other';
        return rewindOnce(nearby, name, { input: await confirmOnce(nearby) });
      },
    ],
  ])('%s', async (_, rewind) => {
    const model = makeRewindModel();
    let before: string[] = [];
    const { result } = await startChanged(model, async (input) => {
      pass(model, 2);
      await rewind(model);
      before = [...model.changes];
      return input;
    });
    expect(result.failure).toMatchObject({ phase: 'CheckReadiness', error: 'RewindNotConfirmed' });
    expect(result.clone).toBeNull();
    expect(model.changes).toEqual(before);
    expect(countCalls(model)).toBe(1);
  });
});

test('a rewind of before, in the same second as the code and to a time nearby: the code has one of its own', async () => {
  const model = makeRewindModel();
  const { world, to, now } = model;
  const madeAt = now();
  const earlier: Backtracking = {
    identifier: 'bt-earlier',
    to: addSeconds(to, -60),
    from: null,
    requestedAt: toWholeSecond(toIso(madeAt)),
    status: 'completed',
  };
  const { listBacktracks } = world.aurora;
  world.aurora = {
    ...world.aurora,
    listBacktracks: async (cluster) => [earlier, ...(await listBacktracks(cluster))],
  };
  const input = await confirmOnce({ world: { ...world, now: () => madeAt }, to });
  const { result } = await rewindOnce(model, 'local-confirmed', { input });
  expect(result.restore.reached).toBe(to);
  expect(countCalls(model)).toBe(1);
});

test('writes are not said to be stopped: refused, and nothing is made', async () => {
  const model = makeRewindModel();
  const { result } = await startChanged(model, ({ writesStopped: _, ...input }) => input);
  expect(result.failure).toMatchObject({ phase: 'PrepareRewind', error: 'InvalidInput' });
  expect(model.changes).toEqual([]);
});

test('a plan without rewind: allowed has its pre-flight and no code, and a code from elsewhere does nothing', async () => {
  const model = makeRewindModel();
  const confirmed = await confirmOnce(model);
  const { readPlans } = model.world;
  model.world.readPlans = async () => (await readPlans()).replace('    rewind: allowed\n', '');
  const preflight = await rewindOnce(model, 'local-preflight-only');
  expect(preflight.hasSucceeded).toBe(true);
  expect(preflight.result).toMatchObject({ preflight: { verdict: 'ready' }, code: null });
  expect(preflight.result.next.confirmed).toBeNull();
  expect(model.messages.at(-1)?.happened[0]).toContain('its plan does not allow it');
  const { result } = await rewindOnce(model, 'local-confirmed', { input: confirmed });
  expect(result.failure).toMatchObject({ error: 'InvalidPlan' });
  expect(model.changes).toEqual([]);
});

describe('blocked: nothing is made, and the result and the message have the input of the recovery', () => {
  test.each<[string, (model: RewindModel) => void, RegExp]>([
    [
      'a binary log',
      ({ world }) => {
        world.database = playBinlog(world.database, { targetSeconds: 3600, hasBinlogConsumers: true });
      },
      /writes a binary log, which 10.0.3.7 reads/,
    ],
    [
      'a server that does not answer',
      ({ world }) => {
        world.database = { open: failWith('DatabaseDenied') };
      },
      /not known/,
    ],
  ])('%s', async (_, spoil, cause) => {
    const model = makeRewindModel();
    spoil(model);
    const { result } = await rewindOnce(model, 'local-blocked');
    expect(result.outcome).toBe('blocked');
    expect(result.failure).toMatchObject({ error: 'RewindBlocked', cause: expect.stringMatching(cause) });
    expect(JSON.parse(result.next.recover ?? 'null')).toEqual({ plan: 'shop', restoreTo: model.to });
    expect(model.messages.at(-1)?.toDo.join(' ')).toContain(result.next.recover);
    expect(model.changes).toEqual([]);
  });
});

test('the facts change while the clone is made: nothing is rewound, and the clone stays', async () => {
  const model = makeRewindModel();
  const { listClusterEvents } = model.world.aurora;
  const { result } = await startChanged(model, (input) => {
    model.world.aurora = {
      ...model.world.aurora,
      listClusterEvents: async (asked) => [
        ...(await listClusterEvents(asked)),
        ...(model.changes.length === 0
          ? []
          : [{ at: asked.to, message: 'Database cluster has been upgraded' }]),
      ],
    };
    return input;
  });
  expect(result.failure).toMatchObject({ phase: 'RewindCluster', error: 'RewindBlocked' });
  expect(result.preflight?.verdict).toBe('blocked');
  expect(countCalls(model)).toBe(0);
  expect(await model.aurora.findCluster(result.clone?.identifier ?? '')).toBeDefined();
});

test('the code of a rewind that another one followed: refused, and not told as rewound', async () => {
  const model = makeRewindModel();
  const input = await confirmOnce(model);
  await rewindOnce(model, 'local-first', { input });
  const further = { world: model.world, to: addSeconds(model.to, -600) };
  const { result: second } = await rewindOnce(further, 'local-second', { input: await confirmOnce(further) });
  expect(second.outcome).toBe('rewound');
  const { result } = await rewindOnce(model, 'local-again', { input });
  expect(result).toMatchObject({ outcome: 'failed', failure: { error: 'RewindNotConfirmed' } });
  expect(countCalls(model)).toBe(2);
});

test('redriven after its deadline: nothing is rewound, and nothing is looked for', async () => {
  const model = makeRewindModel({ targetSeconds: 259_200 });
  const states: string[] = [];
  const { result } = await rewindOnce(model, 'local-redriven', {
    input: await confirmOnce(model),
    aroundTask: async (state, run) => {
      states.push(state);
      if (state === 'RewindCluster') pass(model, 86_400);
      return run();
    },
  });
  expect(result.failure).toMatchObject({ phase: 'RewindCluster', error: 'DeadlineExceeded' });
  expect(states).not.toContain('CheckRewind');
  expect(countCalls(model)).toBe(0);
});
