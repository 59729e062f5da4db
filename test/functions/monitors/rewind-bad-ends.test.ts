import { expect, test } from 'vitest';
import { executionArn } from '../../../local/machine/execution.ts';
import { emptyHistory, formatHistory } from '../../../shared/history/document.ts';
import { toRewindEntry } from '../../../shared/history/rewind-entry.ts';
import { jobId } from '../../../shared/job/names.ts';
import { makeRewind } from '../../shared/rewind/rewind-fixture.ts';
import {
  confirmOnce,
  countCalls,
  makeRewindModel,
  rewindOnce,
  rewindUntil,
} from '../../statemachines/rewind/world.ts';
import { failWith } from '../fakes.ts';
import { hearOf } from './hear-of.ts';

/** A confirmed rewind, stopped there. */
const stopAt = async (state: string, when: 'before' | 'after') => {
  const model = makeRewindModel();
  const input = await confirmOnce(model);
  await rewindUntil(model, 'by-hand', input, state, when);
  return { model, input };
};

test.each([
  ['PrepareRewind', 'before', 'was not asked to rewind'],
  ['RestoreCluster', 'before', 'was not asked to rewind'],
  ['RestoreCluster', 'after', 'is not rewound so far'],
  ['RewindCluster', 'before', 'is not rewound so far'],
  ['RewindCluster', 'after', 'is being rewound now'],
  ['VerifyRewind', 'before', 'was rewound'],
  ['ConcludeRewind', 'before', 'was rewound'],
] as const)(
  'stopped at %s, %s its effect: production %s, and what to start does as is said',
  async (state, when, fate) => {
    const { model, input } = await stopAt(state, when);
    const calls = countCalls(model);
    const [message, ...more] = await hearOf('rewind', model, 'by-hand', { input });
    expect(more).toEqual([]);
    expect(message?.title).toBe(`Rewind was stopped: prod-shop ${fate}`);
    expect(message?.clusters).toContain('prod-shop');
    const clones = message?.clusters.filter((name) => /^recovered-.*-before-rewind$/.test(name));
    expect(clones).toHaveLength(fate === 'was not asked to rewind' ? 0 : 1);

    const again = JSON.parse(
      message?.toDo.find((step) => step.includes('start'))?.match(/\{.*\}/)?.[0] ?? '',
    );
    expect(again).toMatchObject({ ...input, plan: 'shop', restoreTo: model.to });
    const { result } = await rewindOnce(model, 'by-hand-again', { input: again });
    expect(countCalls(model)).toBeLessThanOrEqual(1);
    if (calls === 1) expect(result).toMatchObject({ outcome: 'rewound', restore: { reached: model.to } });
  },
);

test.each([
  ['the pre-flight alone', { input: { restoreTo: '10m ago' } }],
  [
    'the pre-flight alone, failed',
    { status: 'FAILED', error: 'RewindBlocked', input: { restoreTo: '10m ago' } },
  ],
  ['a code that does not fit', { status: 'FAILED', error: 'RewindNotConfirmed', input: { confirm: 'x' } }],
  ['an input that somebody mistyped', { status: 'FAILED', error: 'InvalidInput', input: { confirm: 1 } }],
  ['one that passed', { status: 'SUCCEEDED', input: { confirm: 'x' } }],
])('%s: nobody is woken', async (_, said) => {
  expect(await hearOf('rewind', makeRewindModel(), 'by-hand', said)).toEqual([]);
});

test.each([
  [
    'listBacktracks',
    'Whether prod-shop is rewound is not known: injected Throttled. Its status is available.',
  ],
  ['listClusters', 'Whether its clone stands is not known: injected Throttled.'],
  ['listInstances', 'Whether its clone stands is not known: injected Throttled.'],
] as const)(
  '%s fails: the message comes all the same, and says what is not known',
  async (verb, sentence) => {
    const { model, input } = await stopAt('ConcludeRewind', 'before');
    // Once: the sweep after it lists the clusters too.
    let failures = 0;
    const fail = failWith('Throttled');
    const real = model.world.aurora[verb] as (name: string) => Promise<never>;
    const aurora = { [verb]: (name: string) => (failures++ === 0 ? fail() : real(name)) };
    const [message] = await hearOf('rewind', model, 'by-hand', { input, aurora });
    expect(message?.happened.join(' ')).toContain(sentence);
  },
);

test('its input is not in the event: told, since it may have been confirmed', async () => {
  const { model } = await stopAt('CheckRewind', 'before');
  const [message] = await hearOf('rewind', model, 'by-hand');
  expect(message?.title).toContain('prod-shop');
  expect(message?.happened.join(' ')).toContain('its input does not tell');
  expect(message?.clusters).toHaveLength(2);
});

test('another start with the same code had made the clone: it is named', async () => {
  const { model, input } = await stopAt('CheckWriter', 'before');
  await rewindUntil(model, 'by-hand-2', input, 'CheckWriter', 'before');
  const [first] = await hearOf('rewind', model, 'by-hand', { input });
  const [second] = await hearOf('rewind', model, 'by-hand-2', { input });
  expect(second?.clusters).toEqual(first?.clusters);
  expect(second?.clusters).toHaveLength(2);
});

test('it has filed a report: where that is', async () => {
  const { model, input } = await stopAt('ConcludeRewind', 'after');
  const entry = toRewindEntry({ ...makeRewind(), id: jobId(executionArn('by-hand')) }, 'shop/day/id');
  const index = formatHistory({ ...emptyHistory, jobs: [entry] });
  const [message] = await hearOf('rewind', model, 'by-hand', { input, index });
  expect(message?.facts).toContainEqual(['Report', 's3://reports/shop/day/id/report.html']);
});
