import { Signer } from '@aws-sdk/rds-signer';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { reachLocalClone } from '../../local/aurora/clone.ts';
import { startExecution } from '../../local/machine/drill.ts';
import { startRecovery } from '../../local/machine/recover.ts';
import { startRehearsal } from '../../local/machine/rehearse.ts';
import { logCheck, logError } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Database } from '../../shared/database/port.ts';
import { postgresDatabase } from '../../shared/database/postgres/reader.ts';
import { resolveAll } from '../../shared/database/resolved-host.ts';
import { renderRecovery } from '../../shared/recovery/page.ts';
import { renderRehearsal } from '../../shared/rehearsal/page.ts';
import type { ReachClone } from '../../shared/rehearsing/reach.ts';
import { renderReport } from '../../shared/report/page.ts';
import { realTime } from '../functions/rehearse/fake-clone.ts';
import { plansText, startTestWorld, type TestWorld } from '../local/world.ts';
import { testPrices } from '../shared/result/prices-fixture.ts';
import { keepPrinted, makeKept } from './kept.ts';

// The logger is made as its module is read.
vi.hoisted(() => {
  process.env.POWERTOOLS_LOG_LEVEL = 'DEBUG';
  process.env.AWS_ACCESS_KEY_ID = 'AKIAEXAMPLEEXAMPLE00';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret-key-of-this-test';
});

let world: TestWorld;
const printed = keepPrinted();

beforeAll(async () => {
  world = await startTestWorld();
});
afterAll(() => world?.keeper.close());
/** What an IAM token looks like: it is valid for 15 minutes for whoever reads it. */
const signToken = (): Promise<string> =>
  new Signer({
    hostname: '127.0.0.1',
    port: 5432,
    username: 'drill_reader',
    region: 'eu-west-1',
  }).getAuthToken();

/** What functions of any machine are given, in as far as it holds no secret. */
const common = (plans: string) => ({
  readPlans: async () => plans,
  placeOf: () => 'drill-reports/report.html',
  file: async () => {},
  readPosture: async () => null,
  metrics: { publish: async () => {}, read: async () => [] },
  prices: () => testPrices,
  onCheck: logCheck,
  now: systemClock,
  pause: async () => {},
  warn: logError,
});

/** Runs a drill in which everything that anybody could read afterwards is kept. */
const runAndKeepAll = async (
  database: Database,
  name: string,
  plans = plansText,
): Promise<{ kept: string; verdict: string }> => {
  const { kept, keep, notify, ...watching } = makeKept(name);
  const execution = await startExecution({
    name,
    input: {},
    waitMs: 5,
    world: { aurora: world.aurora, database, notify, ...common(plans), teardownMinutes: 60 },
    ...watching,
  });
  const { result } = await execution.finished;
  keep(result);
  kept.push(renderReport(result), ...printed());
  return { kept: kept.join('\n'), verdict: result.verdict };
};

/** The same of a recovery to the latest time. */
const recoverAndKeepAll = async (
  database: Database,
  name: string,
): Promise<{ kept: string; verdict: string }> => {
  const { kept, keep, notify, ...watching } = makeKept(name);
  const reports = { read: async () => null };
  const execution = await startRecovery({
    name,
    input: { restoreTo: 'latest', readers: 1 },
    waitMs: 5,
    world: { aurora: world.aurora, database, notify, ...common(plansText), reports },
    ...watching,
  });
  const { result } = await execution.finished;
  keep(result);
  kept.push(renderRecovery(result), ...printed());
  return { kept: kept.join('\n'), verdict: result.verdict };
};

const stackSecret = 'secret-of-the-stack-of-this-test';

/** The same of a rehearsal of one statement, by whatever way into its clone. */
const rehearseAndKeepAll = async (
  reach: ReachClone,
  name: string,
): Promise<{ kept: string; verdict: string }> => {
  const { kept, keep, notify, ...watching } = makeKept(name);
  const { metrics: _, onCheck: __, ...shared } = common(plansText);
  let waitedMs = 0;
  const execution = await startRehearsal({
    name,
    input: { change: ["set lock_timeout = '200ms'", 'create table notes (id integer)'], contenderSeconds: 0 },
    waitMs: 5,
    world: {
      aurora: world.aurora,
      database: world.database,
      notify,
      ...shared,
      teardownMinutes: 60,
      scripts: { read: () => Promise.reject(new Error('there are no scripts here')) },
      secret: () => stackSecret,
      resolve: resolveAll,
      reach,
      mostMs: 60_000,
      time: realTime,
      now: () => new Date(Date.now() + waitedMs),
      pause: async () => {
        waitedMs += 20_000;
      },
    },
    ...watching,
  });
  const { result } = await execution.finished;
  keep(result);
  kept.push(renderRehearsal(result), ...printed());
  return { kept: kept.join('\n'), verdict: result.failure?.error ?? result.verdict };
};

/** Keeps the passwords that the functions derive. */
const watchPasswords = () => {
  const passwords: string[] = [];
  const reach: ReachClone = (password) => {
    passwords.push(password);
    return reachLocalClone(password);
  };
  return { passwords, reach };
};

test('a rehearsal that passes: neither the password of its clone nor the secret that it is derived from stands anywhere', async () => {
  const { passwords, reach } = watchPasswords();
  const { kept, verdict } = await rehearseAndKeepAll(reach, 'local-secret-rehearses');
  expect(verdict).toBe('safe');
  expect(kept).toContain('create table notes');
  expect(passwords).toHaveLength(1);
  for (const secret of [...passwords, stackSecret, world.password]) expect(kept).not.toContain(secret);
});

test('a rehearsal whose sign-in is refused: the same', async () => {
  const { passwords, reach } = watchPasswords();
  const wrong: ReachClone = (password) => {
    const { identities } = reach(`${password}-no`);
    return { ...reach(password), identities };
  };
  const { kept, verdict } = await rehearseAndKeepAll(wrong, 'local-secret-denied');
  expect(verdict).toBe('DatabaseDenied');
  expect(kept).toContain('the function failed');
  for (const secret of [...passwords, stackSecret, world.password]) expect(kept).not.toContain(secret);
});

test.each([
  ['the log', plansText],
  ['a fresh snapshot', plansText.replace('checks:', 'restore: { from: fresh-snapshot }\n    checks:')],
])(
  'a drill from %s that passes: its password stands in no state, log, message, result or report',
  async (_, plans) => {
    const { kept, verdict } = await runAndKeepAll(world.database, 'local-secret-passes', plans);
    expect(verdict).toBe('passed');
    // The log has been seen, or it would prove nothing.
    expect(kept).toContain('check done');
    expect(kept).not.toContain(world.password);
  },
);

test('a recovery that passes: its password stands in no state, log, message, document or page', async () => {
  const { kept, verdict } = await recoverAndKeepAll(world.database, 'local-secret-recovers');
  expect(verdict).toBe('passed');
  expect(kept).toContain('recovered-prod-shop-');
  expect(kept).not.toContain(world.password);
});

test.each([
  ['a drill', runAndKeepAll],
  ['a recovery', recoverAndKeepAll],
])(
  '%s whose sign-in is refused: its token stands nowhere, nor does the key that signed it',
  async (_, run) => {
    const token = await signToken();
    const signature = /X-Amz-Signature=(\w+)/.exec(token)?.[1] ?? '';
    expect(signature).toMatch(/^\w{64}$/);
    const database = postgresDatabase(async () => ({ password: token, ssl: false }));
    const { kept, verdict } = await run(database, 'local-secret-fails');
    expect(verdict).toBe('failed');
    expect(kept).toContain('the function failed');
    expect(kept).toContain('DatabaseDenied');
    for (const secret of [token, signature, 'X-Amz-Signature', 'secret-key-of-this-test']) {
      expect(kept).not.toContain(secret);
    }
  },
);
