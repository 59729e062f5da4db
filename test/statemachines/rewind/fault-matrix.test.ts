import { describe, expect, test } from 'vitest';
import { type RewindDocument, rewindPhases } from '../../../shared/rewind/document.ts';
import {
  type Case,
  isRetried,
  listCases,
  listRows,
  runCases,
  type Watch,
  watchCalls,
} from '../call-faults.ts';
import { renderFaults } from '../fault-table.ts';
import { changing } from '../model-world.ts';
import { confirmOnce, countCalls, makeRewindModel, type RewindModel, rewindOnce } from './world.ts';

type Ended = {
  result: RewindDocument;
  hasSucceeded: boolean;
  left: string[];
  leftAfterSweeps: string[];
  model: RewindModel;
};

/** A confirmed start to its end, with what it calls watched. */
const runWith = async (watch: Watch, name: string): Promise<Ended> => {
  const model = makeRewindModel();
  const input = await confirmOnce(model);
  const { aurora, through, aroundTask } = watchCalls(watch);
  const { world } = model;
  const watched: RewindModel['world'] = {
    ...world,
    aurora: aurora(world.aurora),
    database: { open: through('open', world.database.open) },
    notify: through('notify', world.notify),
    file: through('file', world.file),
  };
  const ended = await rewindOnce({ ...model, world: watched }, name, { input, aroundTask });
  const { clusters } = await model.aurora.listClusters();
  // What stands is the clone, which stays whatever comes.
  const left = clusters.flatMap(({ identifier }) => (identifier === 'prod-shop' ? [] : [identifier]));
  return { ...ended, left, leftAfterSweeps: left, model };
};

const seen = new Set<string>();
await runWith({ before: (call) => seen.add(call) }, 'local-seen');
const cases = listCases(seen, ['open']);
const outcomes = await runCases(cases, runWith, 'ConcludeRewind');
const name = ({ call, error }: Case): string => `${call}: ${error}`;

describe('every call of a rewind with every error of AWS', () => {
  test('the calls that are tried are those of every state', () => {
    const phases = new Set([...seen].map((call) => call.split(' ')[0]));
    expect([...phases].sort()).toEqual([...rewindPhases, 'ConcludeRewind'].sort());
    expect(cases.length).toBeGreaterThan(150);
  });

  test('production is asked to go back once at most, and never after a pre-flight that did not hold', () => {
    for (const one of outcomes)
      for (const { model, result } of [one.first, one.always]) {
        expect([name(one), countCalls(model) <= 1]).toEqual([name(one), true]);
        if (result.outcome === 'blocked') expect([name(one), result.backtrack]).toEqual([name(one), null]);
      }
  });

  test('each ends as a document says it, red or green, and a failure has its cause and its hint', () => {
    for (const one of outcomes)
      for (const { result, hasSucceeded } of [one.first, one.always]) {
        expect([name(one), hasSucceeded]).toEqual([name(one), result.failure === null]);
        const texts = result.failure === null ? [] : [result.failure.cause, result.failure.hint];
        expect([name(one), texts.every((text) => /\w{3}/.test(text))]).toEqual([name(one), true]);
      }
  });

  test('what is transient passes at first, but where it leaves the pre-flight without an answer', () => {
    const failed = outcomes.filter((one) => isRetried(one) && one.first.result.failure !== null);
    const unknown = /^(CheckReadiness|RewindCluster) (list|findCluster)|^RewindCluster backtrackCluster/;
    expect(failed.map(name).filter((one) => !unknown.test(one))).toEqual([]);
  });

  test('nothing is deleted, and what stands is told by name', () => {
    for (const one of outcomes)
      for (const { result, left, model } of [one.first, one.always]) {
        const verbs = new Set(model.changes.map((change) => change.split(' ')[0] ?? ''));
        const known = ['restoreCluster', 'addWriter', 'backtrackCluster'];
        expect([...verbs].filter((verb) => changing.includes(verb) && !known.includes(verb))).toEqual([]);
        const told = result.resources.map((resource) => resource.name);
        expect([name(one), left.filter((cluster) => !told.includes(cluster))]).toEqual([name(one), []]);
      }
  });
});

const intro = `# What a rewind does when AWS fails

Every call of a confirmed rewind with the errors that its requests can meet, as on the page of [the drill](faults.md): what two such answers do, what the
same answer each time does, and what stands in the end. Nothing is ever deleted: the clone stays, and the message names it. A rewind that RDS has begun goes on whatever
happens here, and another start with the same input follows it.

What the pre-flight is not told counts as not known, and blocks. BacktrackDBCluster is called once at most: a lost answer is looked up in the list of rewinds.

`;

test('docs/rewind-faults.md is what was seen here', async () => {
  const rows = listRows(outcomes, {
    open: 'a session of the database',
    notify: 'Publish',
    file: 'PutObject',
  });
  const table = renderFaults(
    rows.map((row) => ({ ...row, left: row.left === 'nothing' ? 'nothing' : 'the clone' })),
  );
  await expect(`${intro}${table}\n`).toMatchFileSnapshot('../../../docs/rewind-faults.md');
});
