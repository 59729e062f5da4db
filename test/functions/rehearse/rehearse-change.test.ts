import { expect, test } from 'vitest';
import { rehearseChange } from '../../../functions/rehearse/rehearse-change.ts';
import { DrillError } from '../../../shared/errors.ts';
import { pack, unpack } from '../../../shared/job/packing.ts';
import { passwordOf } from '../../../shared/rehearsing/password.ts';
import type { RehearsalState } from '../../../shared/rehearsing/state.ts';
import { makeClone, makeJob, makeState, source } from '../../shared/rehearsing/job-fixture.ts';
import { clockAt } from '../fakes.ts';
import { makeReach, realTime } from './fake-clone.ts';

const change = ["set lock_timeout = '200ms';\nalter table users add column locale text;\n"];
const job = makeJob({ change: pack(change), contenderSeconds: 0 });
const clone = makeClone(job);
const addresses: Record<string, string[]> = {
  [clone.endpoint ?? '']: ['10.0.0.7'],
  [source.endpoint ?? '']: ['10.0.0.1'],
};

type World = Parameters<typeof makeReach>[0] & {
  /** What DNS answers in place of the right addresses. */
  dns?: Record<string, string[]>;
  /** The clone's endpoint as RDS has described it. */
  endpoint?: string | null;
  of?: typeof job;
};

const makeRun = ({ dns = {}, endpoint = clone.endpoint, of: ours = job, ...of }: World = {}) => {
  const { reach, seen } = makeReach(of);
  const state = makeState(ours);
  const changed = { ...state, CheckCluster: { ...state.CheckCluster, endpoint } } as RehearsalState;
  const run = () =>
    rehearseChange(changed, {
      resolve: async (host) => ({ ...addresses, ...dns })[host] ?? [],
      reach,
      secret: () => 'of the stack',
      mostMs: 60_000,
      time: realTime,
      now: clockAt('08:20'),
      pause: async () => {},
    });
  return { run, seen };
};

test('the clone: each statement alone, at its own address, with the password of this job, and every session closed', async () => {
  const { run, seen } = makeRun();
  const piece = await run();
  expect(seen.ran).toEqual(["set lock_timeout = '200ms';", 'alter table users add column locale text;']);
  expect(seen.passwords).toEqual([passwordOf('of the stack', job.id)]);
  const target = {
    host: clone.endpoint,
    ip: '10.0.0.7',
    port: 5432,
    engine: 'aurora-postgresql',
    database: 'app',
    user: 'app_owner',
  };
  expect(seen.targets).toEqual([target, target]);
  expect(seen.open).toBe(0);
  const measured = unpack(piece.measured);
  expect(measured).toMatchObject({ isFinished: true, lockTimeoutMs: 200, contender: null });
  expect(measured.statements[1]?.tables).toMatchObject([{ table: 'public.users' }]);
  expect(piece.summary).toContain('2 of 2 statements ran');
  expect(JSON.stringify(piece)).not.toContain(seen.passwords[0]);
});

test.each<[string, World]>([
  ["the clone has production's endpoint", { endpoint: source.endpoint }],
  ['the clone has no endpoint', { endpoint: null }],
  ["DNS answers with production's address for the clone", { dns: { [clone.endpoint ?? '']: ['10.0.0.1'] } }],
  ["DNS answers with the clone's address for production", { dns: { [source.endpoint ?? '']: ['10.0.0.7'] } }],
  ['DNS knows nothing of production', { dns: { [source.endpoint ?? '']: [] } }],
  ['DNS knows nothing of the clone', { dns: { [clone.endpoint ?? '']: [] } }],
  ['production answers there', { nameOf: () => 'prod-aurora-main-1' }],
  ['no Aurora answers there', { nameOf: () => null }],
])('%s: refused before the first statement, and no session stays', async (_, world) => {
  const { run, seen } = makeRun(world);
  await expect(run()).rejects.toMatchObject({ name: 'NotTheClone' });
  expect([seen.ran, seen.open]).toEqual([[], 0]);
});

test('a view that the change drops: told with who reads it', async () => {
  const { run } = makeRun({ of: { ...job, change: pack(['drop view seen; select 1']) } });
  const { statements } = unpack((await run()).measured);
  expect(statements.map(({ views }) => views)).toEqual([
    [{ view: 'public.seen', isDropped: true, readBy: ['public.daily'], namedBy: [] }],
    undefined,
  ]);
});

test('by name or address it may be production: nobody even signs in there', async () => {
  for (const world of [{ endpoint: source.endpoint }, { dns: { [clone.endpoint ?? '']: ['10.0.0.1'] } }]) {
    const { run, seen } = makeRun(world);
    await expect(run()).rejects.toThrow();
    expect(seen.targets).toEqual([]);
  }
});

test('run twice: the second run finds what the first has begun, and runs nothing', async () => {
  const { run, seen } = makeRun();
  await run();
  await expect(run()).rejects.toMatchObject({ name: 'AlreadyRehearsed' });
  expect([seen.ran.length, seen.open]).toEqual([2, 0]);
});

test('the database cannot be reached any more while the change runs: no error that would be retried', async () => {
  const lost = () => Promise.reject(new DrillError('DatabaseUnreachable', 'the connection ended'));
  const { run, seen } = makeRun({ onStatement: lost });
  await expect(run()).rejects.toMatchObject({
    name: 'DatabaseFailure',
    summary: 'DatabaseUnreachable while the change ran: the connection ended',
  });
  expect(seen.open).toBe(0);
});
