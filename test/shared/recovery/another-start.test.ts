import { expect, test } from 'vitest';
import { adviseRecovery } from '../../../shared/recovery/advice.ts';
import { showAgain, suggestEarlier } from '../../../shared/recovery/another-start.ts';
import type { Wish, WishedMechanism } from '../../../shared/recovery/input.ts';
import { makeFacts, makeSnapshotAt, now } from './facts-fixture.ts';

const restoreTo = '2026-11-19T02:50:00Z';
const snapshotAt = '2026-11-19T01:00:00.250Z';
const trigger = { kind: 'manual', reason: 'a bad update' } as const;

const attempt = (
  asked: string | null,
  wish: Wish = {},
  mechanism: WishedMechanism = wish.mechanism ?? 'auto',
) => ({
  plan: 'shop',
  restore: { restoreTo: asked, reached: asked },
  trigger,
  wish,
  advice: adviseRecovery(
    makeFacts({ restoreTo: asked, snapshots: [makeSnapshotAt(snapshotAt)] }),
    mechanism,
    now,
  ),
});

/** What another start with the input of this one would recover. */
const read = (text: string): object => JSON.parse(text);

test('a start that names its time and its wishes: the next one has them all', () => {
  const wish: Wish = { mechanism: 'snapshot', readers: 0, tests: 'none' };
  expect(read(showAgain(attempt(restoreTo, wish), false))).toEqual({
    plan: 'shop',
    restoreTo,
    ...wish,
    reason: 'a bad update',
  });
});

test('the latest time by the log: the next start has the second that it reached', () => {
  const latest = attempt(null);
  expect(read(showAgain(latest, true))).toMatchObject({ restoreTo: latest.advice.choice?.reaches });
});

test('the latest snapshot, taken within a second: the next start finds the same snapshot', () => {
  const latest = attempt(null, { mechanism: 'snapshot' });
  const again = read(showAgain(latest, true)) as { restoreTo: string; mechanism: WishedMechanism };
  expect(again).toMatchObject({ restoreTo: '2026-11-19T01:00:01Z', mechanism: 'snapshot' });
  const next = attempt(again.restoreTo, { mechanism: again.mechanism });
  expect(next.advice.choice).toMatchObject({ snapshot: expect.any(String), reaches: snapshotAt });
  expect(next.advice.choice).toMatchObject({ reaches: latest.advice.choice?.reaches });
});

test('a clone: what stands is found by its time; with nothing there, another clone is asked for', () => {
  const clone = attempt(null, { mechanism: 'clone' });
  const reaches = clone.advice.choice?.reaches;
  expect(reaches).toMatch(/^[\dT:-]+Z$/);
  expect(read(showAgain(clone, true))).toEqual({ plan: 'shop', restoreTo: reaches, reason: 'a bad update' });
  expect(read(showAgain(clone, false))).toMatchObject({ restoreTo: 'latest', mechanism: 'clone' });
});

test('a wrong time: the earlier one with the same wishes, but never a clone of the past', () => {
  const readers: Wish = { readers: 2 };
  expect(suggestEarlier(attempt(restoreTo, readers))).toContain(
    '{"plan":"shop","restoreTo":"2026-11-19T02:40:00Z","readers":2,"reason":"a bad update"}',
  );
  const clone = {
    ...attempt(null, { mechanism: 'clone' }),
    restore: { restoreTo: null, reached: restoreTo },
  };
  expect(suggestEarlier(clone)).not.toContain('clone');
});
