// Called by the state machine once the clone has a password of its own, inside the VPC. It calls no AWS API.
// Changes the clone: runs the change there, statement by statement, under probes, once it has proven that it is the clone.
// Running it twice runs nothing a second time: the clone has a mark before the first statement.
import { setTimeout as sleep } from 'node:timers/promises';
import { reachAuroraClone } from '../../shared/aws/clone-database.ts';
import { readSetting } from '../../shared/aws/environment.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import { resolveAll } from '../../shared/database/resolved-host.ts';
import { DrillError, isDrillError, isTransient } from '../../shared/errors.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { pack, unpack } from '../../shared/job/packing.ts';
import type { Resolve } from '../../shared/job/production.ts';
import type { ProbedServer } from '../../shared/probing/port.ts';
import { measureChange } from '../../shared/probing/run.ts';
import type { Time } from '../../shared/probing/time.ts';
import type { ChangeMeasured } from '../../shared/rehearsal/measured.ts';
import { namedIn } from '../../shared/rehearsal/names.ts';
import { readScript } from '../../shared/rehearsal/script.ts';
import { findViewsChanged } from '../../shared/rehearsal/views.ts';
import { describeMeasured, fitMeasured } from '../../shared/rehearsing/measured.ts';
import { passwordOf } from '../../shared/rehearsing/password.ts';
import { claimClone, locateClone, meetClone, type ReachClone } from '../../shared/rehearsing/reach.ts';
import {
  defineRehearsalStep,
  type RehearsalPreparation,
  type Rehearsed,
} from '../../shared/rehearsing/state.ts';
import { dialectOf } from '../../shared/sql/tokens.ts';

type Deps = {
  resolve: Resolve;
  reach: ReachClone;
  /** Of the stack. */
  secret: () => string;
  /** The function ends after 15 minutes, and the change has to be stopped, told and packed before. */
  mostMs: number;
  /** Of what is measured: its clock never jumps. */
  time: Time;
  now: Clock;
  /** Waits a few seconds. */
  pause: () => Promise<unknown>;
};

export const rehearseChange = defineRehearsalStep(
  'RehearseChange',
  ['PrepareRehearsal', 'CheckCluster', 'SetPassword'],
  async (state, deps: Deps): Promise<Rehearsed> => {
    const { PrepareRehearsal: job, CheckCluster: clone, SetPassword: signIn } = state;
    const { resolve, reach, secret, now } = deps;
    const place = await locateClone(clone, job, job.production, resolve);
    const { engine, database } = job.sourceAddress;
    const target = { ...place, engine, database, user: signIn.user };
    const { identities, probing } = reach(passwordOf(secret(), job.id));
    const identity = await meetClone(identities, target, job, deps);
    try {
      const server = await probing.open(target);
      try {
        await claimClone(identity, job);
        const beganAt = toIso(now());
        const measured = await runOnce(server, job, deps);
        return { summary: describeMeasured(measured), beganAt, measured: pack(fitMeasured(measured)) };
      } finally {
        await server.close();
      }
    } finally {
      await identity.close().catch(() => {});
    }
  },
);

/** The state is retried after a transient error, which this must not be: the clone is no longer as production is. */
const runOnce = async (
  server: ProbedServer,
  job: RehearsalPreparation,
  { mostMs, time }: Deps,
): Promise<ChangeMeasured> => {
  const { statements, lockTimeoutMs, setsSearchPath } = readScript(
    unpack(job.change),
    dialectOf(job.source.engine),
  );
  const catalog = setsSearchPath ? { ...server.catalog, searchPath: null } : server.catalog;
  const toRun = statements.map(({ number, line, sql, transaction }) => {
    const views = findViewsChanged(sql, catalog);
    return {
      number,
      line,
      sql,
      isInTransaction: transaction !== null,
      tables: namedIn(sql, catalog),
      ...(views.length > 0 && { views }),
    };
  });
  try {
    return await measureChange(
      server,
      { statements: toRun, lockTimeoutMs },
      { ...time, contenderSeconds: job.contenderSeconds, deadlineMs: mostMs },
    );
  } catch (error) {
    if (!isDrillError(error) || !isTransient(error)) throw error;
    throw new DrillError('DatabaseFailure', `${error.name} while the change ran: ${error.summary}`, {
      hint: 'the clone is torn down; start the rehearsal again',
      cause: error,
    });
  }
};

export const handler = lambdaHandler(rehearseChange, {
  resolve: resolveAll,
  reach: reachAuroraClone,
  secret: () => readSetting('REHEARSAL_SECRET'),
  mostMs: 13 * 60_000,
  time: { nowMs: () => performance.now(), sleep: (ms) => sleep(ms) },
  now: systemClock,
  pause: () => sleep(5000),
});
