import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { askProduction } from '../../../functions/rehearse/ask-production.ts';
import { prepareRehearsal } from '../../../functions/rehearse/prepare-rehearsal.ts';
import type { Cluster } from '../../../shared/aurora/port.ts';
import type { SideEffects } from '../../../shared/database/port.ts';
import { DrillError } from '../../../shared/errors.ts';
import { drillTags } from '../../../shared/job/names.ts';
import { unpack } from '../../../shared/job/packing.ts';
import { execution, makeJob, source, timed, writer } from '../../shared/rehearsing/job-fixture.ts';
import { clockAt, makeAurora, makeDatabase } from '../fakes.ts';

const change = ['alter table users add column locale text'];
const script = new TextEncoder().encode('set lock_timeout = 200;\nalter table users drop column locale;\n');
const stored = {
  bucket: 'reports',
  key: 'changes/users.sql',
  versionId: 'v1',
  sha256: createHash('sha256').update(script).digest('hex'),
};

type World = { input?: unknown; plan?: object; source?: Partial<Cluster>; clones?: number };

const prepare = (world: World = {}) => {
  const found = { ...source, cloneGroup: 'g', ...world.source };
  const clones = Array.from({ length: world.clones ?? 0 }, (_, n) => ({ ...found, identifier: `c${n}` }));
  const plan = { source: source.identifier, database: { name: 'app', user: 'drill_reader' }, ...world.plan };
  return prepareRehearsal(
    { execution: { ...execution, input: world.input ?? { change } } },
    {
      aurora: makeAurora({
        findCluster: async () => found,
        listClusters: async () => ({ clusters: [found, ...clones], unreadable: [] }),
        listInstances: async () => [writer],
        listClusterParameters: async () => [],
      }),
      scripts: { read: async () => script },
      readPlans: async () => JSON.stringify({ plans: { main: plan } }),
      teardownMinutes: 60,
      now: clockAt('08:00:01'),
    },
  );
};

test('the job: a clone under the prefix, tagged as a rehearsal, as production is', async () => {
  const job = await prepare();
  expect(job).toMatchObject({
    copyKind: 'clone',
    dryRun: false,
    summary: '1 statement',
    storedAt: null,
    contenderSeconds: 2,
    limits: { blockedReadMs: 500, blockedWriteMs: 1000, durationSeconds: 600, rewrites: 'never' },
    restore: { instanceClass: 'db.r8g.large' },
    differences: [],
    production: { hosts: [source.endpoint, source.readerEndpoint, writer.endpoint], port: 5432 },
  });
  expect(job.target.cluster).toMatch(/^drill-prod-aurora-main-[0-9a-f]{8}$/);
  expect(job.tags).toMatchObject({ [drillTags.job]: 'rehearse', [drillTags.source]: source.identifier });
  expect(unpack(job.change)).toEqual(change);
});

test('a script in S3: its statements, and where it stands', async () => {
  const job = await prepare({ input: { change: stored } });
  expect(job).toMatchObject({ summary: '2 statements', storedAt: stored });
  expect(unpack(job.change)).toEqual([new TextDecoder().decode(script)]);
});

test('limits and contender of the input before those of the plan', async () => {
  const job = await prepare({
    input: { change, limits: { blockedReadMs: 50 }, contenderSeconds: 0 },
    plan: { rehearse: { limits: { blockedReadMs: 100, rewrites: 'allowed' } } },
  });
  expect([job.limits.blockedReadMs, job.limits.rewrites, job.contenderSeconds]).toEqual([50, 'allowed', 0]);
});

test('a plan with another instance class: the document will say so', async () => {
  const job = await prepare({ plan: { restore: { instanceClass: 'db.r8g.xlarge' } } });
  expect(job.differences).toEqual([
    "The clone's instance class is db.r8g.xlarge, production's is db.r8g.large.",
  ]);
});

test.each<[string, World, string]>([
  ['no change', { input: {} }, 'InvalidInput'],
  ['a key that nobody knows', { input: { change, changes: [] } }, 'InvalidInput'],
  ['an unknown plan', { input: { change, plan: 'other' } }, 'UnknownPlan'],
  ['a statement that is not rehearsed', { input: { change: ['drop database app'] } }, 'ChangeRefused'],
  [
    'a script with another hash',
    { input: { change: { ...stored, sha256: 'f'.repeat(64) } } },
    'ChangeRefused',
  ],
  ['15 clones', { clones: 15 }, 'TooManyClones'],
  ['a source that is stopped', { source: { status: 'stopped' } }, 'SourceNotRestorable'],
])('%s: refused before anything is made', async (_, world, name) => {
  await expect(prepare(world)).rejects.toMatchObject({ name });
});

const ask = (sideEffects: SideEffects, action: 'refuse' | 'accepted' = 'refuse') => {
  const { database, seen } = makeDatabase({}, { listSideEffects: async () => sideEffects });
  const job = { ...makeJob({ sideEffects: { action, quiet: [] } }), ...timed };
  const asked = askProduction({ execution, PrepareRehearsal: job }, { database, now: clockAt('08:01') });
  return { asked, seen };
};
const event: SideEffects = { found: [{ kind: 'event', name: 'app.purge' }], unseen: [] };

test('production is asked as the user of the plan, and the session is closed', async () => {
  const { asked, seen } = ask({ found: [], unseen: [] });
  expect(await asked).toMatchObject({ doubt: '' });
  expect(seen).toMatchObject({ opened: [makeJob().sourceAddress], closed: 1 });
});

test('an event would run in the clone: refused, unless the plan accepts it, which is said', async () => {
  await expect(ask(event).asked).rejects.toMatchObject({ name: 'SideEffects' });
  expect(await ask(event, 'accepted').asked).toMatchObject({ doubt: expect.stringContaining('app.purge') });
});

test('production does not answer: nothing is made, unlike in an emergency', async () => {
  const database = { open: () => Promise.reject(new DrillError('DatabaseUnreachable', 'no answer')) };
  const job = { ...makeJob(), ...timed };
  const asked = askProduction({ execution, PrepareRehearsal: job }, { database, now: clockAt('08:01') });
  await expect(asked).rejects.toMatchObject({ name: 'DatabaseUnreachable' });
});
