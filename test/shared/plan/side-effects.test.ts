import { expect, test } from 'vitest';
import type { SideEffectKind } from '../../../shared/database/port.ts';
import { judgeSideEffects, listQuietKinds } from '../../../shared/plan/side-effects.ts';

test.each<[string, Record<string, string>, SideEffectKind[]]>([
  ['nothing is known', {}, []],
  ['no worker of logical replication', { max_logical_replication_workers: '0' }, ['subscription']],
  ['the default number of workers', { max_logical_replication_workers: '4' }, []],
  [
    'neither library is loaded',
    { shared_preload_libraries: 'pg_stat_statements' },
    ['pglogical subscription', 'pg_cron job'],
  ],
  ['no library is loaded', { shared_preload_libraries: '' }, ['pglogical subscription', 'pg_cron job']],
  ['both are loaded', { shared_preload_libraries: 'pg_cron, pglogical' }, []],
  [
    'pg_cron is loaded and starts no job',
    { shared_preload_libraries: 'pglogical,pg_cron', 'cron.launch_active_jobs': 'off' },
    ['pg_cron job'],
  ],
  ['the scheduler is off', { event_scheduler: 'OFF' }, ['event']],
  ['the scheduler is disabled', { event_scheduler: 'DISABLED' }, ['event']],
  ['the scheduler is on', { event_scheduler: 'ON' }, []],
  ['a replica does not start by itself', { skip_replica_start: '1' }, ['replication channel']],
  ['the same, by its older name', { skip_slave_start: 'ON' }, ['replication channel']],
])('parameter group in which %s: quiet are %o', (_title, parameters, kinds) => {
  expect(listQuietKinds(parameters)).toEqual(kinds);
});

const cures: Record<SideEffectKind, RegExp> = {
  subscription: /max_logical_replication_workers = 0/,
  'pglogical subscription': /shared_preload_libraries without pglogical/,
  'pg_cron job': /shared_preload_libraries without pg_cron/,
  'foreign server': /^no parameter keeps this quiet: write sideEffects: accepted/,
  event: /event_scheduler = OFF/,
  'replication channel': /skip_replica_start = ON/,
};

test.each(Object.keys(cures) as SideEffectKind[])(
  '%s: refused with what to set, accepted by the plan, passed where it is quiet',
  (kind) => {
    const seen = { found: [{ kind, name: 'one' }], unseen: [] };
    const refused = judgeSideEffects(seen, { action: 'refuse', quiet: [] }, 'app');
    expect(refused).toEqual({
      action: 'refuse',
      reason: `a copy of app would act by itself: 1 ${kind} (one)`,
      hint: expect.stringMatching(cures[kind]),
    });
    expect(judgeSideEffects(seen, { action: 'accepted', quiet: [] }, 'app')).toEqual({
      action: 'go on',
      reason: `acts in the copy, as the plan accepts: 1 ${kind} (one)`,
      doubt: `acts in the copy, as the plan accepts: 1 ${kind} (one)`,
      sights: { active: [`1 ${kind} (one)`], quiet: [], unknown: [] },
    });
    expect(judgeSideEffects(seen, { action: 'refuse', quiet: [kind] }, 'app')).toEqual({
      action: 'go on',
      reason: `quiet in the copy by its parameters: 1 ${kind} (one)`,
      doubt: '',
      sights: { active: [], quiet: [`1 ${kind} (one)`], unknown: [] },
    });
  },
);

test('several of several kinds: all are listed, and what has no parameter is told apart', () => {
  const found = [
    { kind: 'event' as const, name: 'shop.purge' },
    { kind: 'foreign server' as const, name: 'erp' },
    { kind: 'event' as const, name: 'shop.mail' },
  ];
  expect(judgeSideEffects({ found, unseen: [] }, { action: 'refuse', quiet: [] }, 'app')).toEqual({
    action: 'refuse',
    reason: 'a copy of app would act by itself: 2 events (shop.purge, shop.mail), 1 foreign server (erp)',
    hint: 'name a parameter group with event_scheduler = OFF in restore.clusterParameterGroup; for the rest there is no parameter: write sideEffects: accepted in the plan if a copy may do this',
  });
});

test('nothing found: what the user may not see is not known, unless it is quiet anyway', () => {
  const unseen = [
    { kind: 'event' as const, reason: 'the user lacks EVENT on *.*' },
    { kind: 'replication channel' as const, reason: 'only the writer shows them' },
  ];
  const rule = { action: 'refuse' as const, quiet: ['event' as const] };
  const doubt = 'not known whether these act in the copy: replication channels: only the writer shows them';
  expect(judgeSideEffects({ found: [], unseen }, rule, 'app')).toEqual({
    action: 'go on',
    reason: doubt,
    doubt,
    sights: { active: [], quiet: [], unknown: ['replication channels: only the writer shows them'] },
  });
  expect(judgeSideEffects({ found: [], unseen: [] }, rule, 'app')).toEqual({
    action: 'go on',
    reason: '',
    doubt: '',
    sights: { active: [], quiet: [], unknown: [] },
  });
});
