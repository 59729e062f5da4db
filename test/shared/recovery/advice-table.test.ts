import { expect, test } from 'vitest';
import { adviseRecovery } from '../../../shared/recovery/advice.ts';
import type { RecoveryFacts } from '../../../shared/recovery/facts.ts';
import type { Choice, WayBack } from '../../../shared/recovery/way-back.ts';
import { backtrack, makeFacts, makeSnapshotAt, mysql, now } from './facts-fixture.ts';

const advise = (facts: RecoveryFacts) => adviseRecovery(facts, 'auto', now);
const listPossible = (facts: RecoveryFacts): WayBack[] =>
  advise(facts).ways.flatMap(({ name, isPossible }) => (isPossible ? [name] : []));

const deleted = { status: null };
const longAgo = '2026-11-01T00:00:00Z';
const yesterday = '2026-11-18T02:10:00Z';
const old = makeSnapshotAt('2026-10-31T12:00:00Z');
const copies: WayBack[] = ['point-in-time', 'snapshot', 'extract'];

type Expected = [choice: Partial<Choice> | null, possible: WayBack[]];

const toTime = (changes: Partial<Choice> = {}): Partial<Choice> =>
  ({
    mechanism: 'point-in-time',
    reaches: '2026-11-19T02:50:00Z',
    lossSeconds: 0,
    isAhead: false,
    ...changes,
  }) as Partial<Choice>;

test.each<[string, RecoveryFacts, ...Expected]>([
  ['T in the window', makeFacts(), toTime({ resourceId: null } as object), copies],
  ['T in the window, no snapshot', makeFacts({ snapshots: [] }), toTime(), ['point-in-time', 'extract']],
  [
    'the first second of the window',
    makeFacts({ restoreTo: '2026-11-12T00:00:00Z', snapshots: [] }),
    toTime({ reaches: '2026-11-12T00:00:00Z' }),
    ['point-in-time', 'extract'],
  ],
  [
    'a second before the window',
    makeFacts({ restoreTo: '2026-11-11T23:59:59Z', snapshots: [old] }),
    { mechanism: 'snapshot', reaches: '2026-10-31T12:00:00Z', lossSeconds: 43_199 + 11 * 86_400 },
    ['snapshot', 'extract'],
  ],
  [
    'T before the window: the newest snapshot before it, the gap is lost',
    makeFacts({
      restoreTo: longAgo,
      snapshots: [makeSnapshotAt('2026-10-29T00:00:00Z'), old, makeSnapshotAt(yesterday)],
    }),
    { mechanism: 'snapshot', snapshot: 'rds:shop-2026-10-31', lossSeconds: 43_200, engineVersion: '17.7' },
    ['snapshot', 'extract'],
  ],
  ['T before the window and every snapshot', makeFacts({ restoreTo: longAgo }), null, []],
  [
    'T before the window, the snapshot of another cluster of that name',
    makeFacts({
      restoreTo: longAgo,
      snapshots: [makeSnapshotAt('2026-10-31T12:00:00Z', { clusterResourceId: 'cluster-OLD' })],
    }),
    null,
    [],
  ],
  [
    'T before the window, the snapshot not complete',
    makeFacts({
      restoreTo: longAgo,
      snapshots: [makeSnapshotAt('2026-10-31T12:00:00Z', { status: 'creating' })],
    }),
    null,
    [],
  ],
  [
    'a snapshot of an older engine: restored with its own version',
    makeFacts({ restoreTo: longAgo, snapshots: [{ ...old, engineVersion: '16.4' }] }),
    { mechanism: 'snapshot', engineVersion: '16.4' } as object,
    ['snapshot', 'extract'],
  ],
  [
    'the latest',
    makeFacts({ restoreTo: null }),
    toTime({ reaches: '2026-11-19T02:55:59Z', lossSeconds: 241 }),
    ['point-in-time', 'snapshot', 'clone', 'extract'],
  ],
  [
    'the latest, within a second',
    makeFacts({ restoreTo: null, window: { earliest: longAgo, latest: '2026-11-19T02:56:00.400Z' } }),
    toTime({ reaches: '2026-11-19T02:56:00Z', lossSeconds: 240 }),
    ['point-in-time', 'snapshot', 'clone', 'extract'],
  ],
  [
    'the latest, no window: a clone',
    makeFacts({ restoreTo: null, window: null }),
    { mechanism: 'clone', reaches: now, lossSeconds: 0 },
    ['snapshot', 'clone', 'extract'],
  ],
  [
    'the latest, no window, stopped: the newest snapshot',
    makeFacts({ restoreTo: null, window: null, source: { status: 'stopped' } }),
    { mechanism: 'snapshot', reaches: yesterday, lossSeconds: 89_400 },
    ['snapshot', 'extract'],
  ],
  [
    'T that the backups have yet to reach',
    makeFacts({ restoreTo: '2026-11-19T02:58:00Z' }),
    toTime({ reaches: '2026-11-19T02:58:00Z', isAhead: true } as object),
    copies,
  ],
  [
    'T that is the latest restorable time itself: RDS wants it earlier',
    makeFacts({ restoreTo: '2026-11-19T02:56:00Z' }),
    toTime({ reaches: '2026-11-19T02:56:00Z', isAhead: true } as object),
    copies,
  ],
  ['T in the future', makeFacts({ restoreTo: '2026-11-19T03:00:01Z' }), null, []],
  [
    'T in the future, MySQL with Backtrack',
    makeFacts({ ...mysql, backtrack, restoreTo: '2026-11-20T00:00:00Z' }),
    null,
    [],
  ],
  [
    'MySQL, Backtrack reaches T: shown, not chosen',
    makeFacts({ ...mysql, backtrack }),
    toTime(),
    ['point-in-time', 'snapshot', 'backtrack', 'extract'],
  ],
  [
    'MySQL, Backtrack reaches less far',
    makeFacts({ ...mysql, backtrack, restoreTo: '2026-11-17T00:00:00Z' }),
    toTime({ reaches: '2026-11-17T00:00:00Z' }),
    ['point-in-time', 'extract'],
  ],
  [
    'MySQL, Backtrack is all there is: still not chosen',
    makeFacts({ ...mysql, backtrack, window: null, snapshots: [] }),
    null,
    ['backtrack'],
  ],
  [
    'MySQL, Backtrack without an earliest time',
    makeFacts({ ...mysql, backtrack: { ...backtrack, earliestTime: null } }),
    toTime(),
    copies,
  ],
  [
    'MySQL, the latest: nothing to rewind',
    makeFacts({ ...mysql, backtrack, restoreTo: null }),
    toTime({ reaches: '2026-11-19T02:55:59Z', lossSeconds: 241 }),
    ['point-in-time', 'snapshot', 'clone', 'extract'],
  ],
  [
    'deleted, T in its retained window: by its resource id',
    makeFacts({ source: deleted }),
    toTime({ resourceId: 'cluster-SHOP' } as object),
    copies,
  ],
  [
    'deleted, the latest: to the end of its window',
    makeFacts({ source: deleted, restoreTo: null, snapshots: [] }),
    toTime({ reaches: '2026-11-19T02:55:59Z', lossSeconds: 241 }),
    ['point-in-time', 'extract'],
  ],
  [
    'deleted, T after its window: its end, without a wait',
    makeFacts({ source: deleted, restoreTo: '2026-11-19T02:58:00Z' }),
    toTime({ reaches: '2026-11-19T02:55:59Z', lossSeconds: 121 }),
    copies,
  ],
  [
    'deleted, its final snapshot is newer than its log',
    makeFacts({ source: deleted, restoreTo: null, snapshots: [makeSnapshotAt('2026-11-19T02:59:00Z')] }),
    { mechanism: 'snapshot', lossSeconds: 60 },
    copies,
  ],
  [
    'deleted, no backup retained, a snapshot',
    makeFacts({ source: deleted, window: null }),
    { mechanism: 'snapshot', lossSeconds: 88_800 },
    ['snapshot', 'extract'],
  ],
  ['deleted, nothing retained', makeFacts({ source: deleted, window: null, snapshots: [] }), null, []],
  [
    'being deleted',
    makeFacts({ source: { status: 'deleting' } }),
    { mechanism: 'snapshot' },
    ['snapshot', 'extract'],
  ],
  ['stopped, T in the window', makeFacts({ source: { status: 'stopped' } }), toTime(), copies],
  [
    'failed: RDS restores no log of it',
    makeFacts({ source: { status: 'failed' } }),
    { mechanism: 'snapshot' },
    ['snapshot', 'extract'],
  ],
  [
    'modifying: a restore goes on all the same',
    makeFacts({ source: { status: 'modifying' } }),
    toTime(),
    copies,
  ],
  ['a status of next year', makeFacts({ source: { status: 'rearranging' } }), toTime(), copies],
  ['its key is disabled', makeFacts({ source: { status: 'inaccessible-encryption-credentials' } }), null, []],
  ['no cluster left in the account', makeFacts({ left: { clusters: 0, instances: 9 } }), null, []],
  ['no instance left in the account', makeFacts({ left: { clusters: 9, instances: 0 } }), null, []],
  ['quotas not known: tried', makeFacts({ left: { clusters: null, instances: null } }), toTime(), copies],
  [
    'a copy would act',
    makeFacts({ sideEffects: { refusal: 'a copy of shop would act by itself: 1 event (purge)', doubt: '' } }),
    null,
    [],
  ],
  [
    'a window without a whole second',
    makeFacts({
      restoreTo: null,
      window: { earliest: '2026-11-19T02:56:00.1Z', latest: '2026-11-19T02:56:00.4Z' },
      snapshots: [],
    }),
    { mechanism: 'clone' },
    ['clone'],
  ],
])('%s', (_, facts, choice, possible) => {
  expect(listPossible(facts)).toEqual(possible);
  const seen = advise(facts).choice;
  if (choice === null) expect(seen).toBeNull();
  else expect(seen).toMatchObject(choice);
});
