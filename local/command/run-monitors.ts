import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { backtrackReady } from '../../functions/monitors/backtrack-ready.ts';
import { backtrackWindow } from '../../functions/monitors/backtrack-window.ts';
import { snapshotAge } from '../../functions/monitors/snapshot-age.ts';
import type { SnapshotKind } from '../../shared/aurora/snapshots.ts';
import { isAfter } from '../../shared/instants.ts';
import type { Message } from '../../shared/messages/message.ts';
import type { Metric } from '../../shared/monitors/metrics.ts';
import { choosePlan, parsePlans } from '../../shared/plan/plans.ts';
import { createBacktrackModel } from '../aurora/backtrack.ts';
import { createLocalFleet, createLocalMetrics } from '../aurora/fleet.ts';
import { startLocalWorld } from '../aurora/world.ts';
import type { Keeper } from '../servers/keeper.ts';
import { chooseEngine } from '../sources/engines.ts';
import type { Source } from '../sources/source.ts';
import { readPlans } from './settings.ts';
import { createTimeline } from './timeline.ts';

/** One scene of the story: its hour, what has just happened, and what the monitors published then. */
export type Scene = { hour: number; title: string; metrics: Metric[]; messages: Message[] };

const sample = 'sample-plans.yml';

const targetHours = 24;
/** Change records per five minutes. */
const calmRate = 200_000;
const batchRate = 1_500_000;
/** Change records kept: enough for the target window at the calm rate, with a quarter to spare; too few at the batch rate. */
const capacity = calmRate * 12 * targetHours * 1.25;

const schedule = { source: 'aws.scheduler', 'detail-type': 'Scheduled Event', detail: {} };

/** The event of an RDS subscription as SNS hands it to a function (Aurora User Guide, USER_Events). */
const backtrackEvent = (instance: string, id: 'RDS-EVENT-0131' | 'RDS-EVENT-0132', at: Date) => ({
  EventSource: 'aws:sns',
  Sns: {
    Subject: 'RDS Notification Message',
    Message: JSON.stringify({
      'Event Source': 'db-instance',
      'Event Time': at.toISOString().replace('T', ' ').replace('Z', ''),
      'Source ID': instance,
      'Event ID': `http://docs.amazonwebservices.com/AmazonRDS/latest/UserGuide/USER_Events.html#${id}`,
      'Event Message': 'as AWS words it',
      Tags: {},
    }),
  },
});

/**
 * Runs three monitors through three days on this machine: a real PostgreSQL whose snapshot job stops and whose log is then
 * no longer archived, and a cluster with Backtrack that a batch job overwhelms, and whose binary log is switched on.
 */
export const runMonitors = async (
  keeper: Keeper,
  onScene: (scene: Scene) => Promise<void>,
): Promise<void> => {
  const timeline = createTimeline();
  const { plan } = choosePlan(parsePlans(await readPlans(null), sample), undefined, sample);
  const { source, aurora } = await startLocalWorld({
    keeper,
    plan,
    engine: chooseEngine('postgres', null),
    password: randomBytes(18).toString('base64url'),
    fault: null,
    pendingMs: 0,
    latencyMs: 0,
    onEvent: () => {},
  });
  const writeLoad = await source.startWriteLoad();
  const start = timeline.now();
  const backtracked = createBacktrackModel({
    identifier: `${plan.source}-mysql`,
    createdAt: new Date(start.getTime() - 30 * 86_400_000),
    targetSeconds: targetHours * 3600,
    capacity,
    recordsPer5Minutes: calmRate,
  });
  const metrics: Metric[] = [];
  const messages: Message[] = [];
  const deps = {
    aurora: createLocalFleet(aurora, backtracked, timeline),
    metrics: createLocalMetrics(backtracked, (published) => void metrics.push(...published)),
    notify: async (message: Message) => void messages.push(message),
    scope: () => ({ kind: 'all' }) as const,
    countedKinds: (): SnapshotKind[] => ['automated', 'aws-backup'],
    now: timeline.now,
    fileRewinds: async () => {},
    readPlans: () => readPlans(null),
    warn: () => {},
  };

  const show = async (title: string, hours: number, events: object[] = []): Promise<void> => {
    timeline.pass(hours);
    const hour = Math.round((timeline.now().getTime() - start.getTime()) / 3_600_000);
    await catchUp(source);
    await snapshotAge(schedule, deps);
    await backtrackWindow(schedule, deps);
    await backtrackReady(schedule, deps);
    if (events.length > 0) await backtrackWindow({ Records: events }, deps);
    await onScene({ hour, title, metrics: metrics.splice(0), messages: messages.splice(0) });
  };
  const event = (id: 'RDS-EVENT-0131' | 'RDS-EVENT-0132') =>
    backtrackEvent(backtracked.instance, id, timeline.now());

  await show('the first snapshot has been taken', 0);
  timeline.pass(24);
  await source.takeSnapshot();
  backtracked.setRate(timeline.now(), batchRate);
  await show('the daily job took a snapshot; a batch job begins to write', 0);
  const shrunk = event('RDS-EVENT-0131');
  await show('RDS reports twice that the Backtrack window has shrunk', 12, [shrunk, shrunk]);
  backtracked.setRate(timeline.now(), calmRate);
  await show('the batch job has ended; the daily snapshot is missing', 15);
  backtracked.setBinlog(true);
  await source.stopArchiving();
  await show('the log is no longer archived; somebody has switched the binary log on', 2);
  backtracked.setBinlog(false);
  await show('RDS reports that the Backtrack window is whole again; the binary log is off again', 20, [
    event('RDS-EVENT-0132'),
  ]);
  await writeLoad.stop();
};

/** After a leap the latest restorable time is the old one, until the log is archived again. */
const catchUp = async (source: Source): Promise<void> => {
  const leapt = new Date().toISOString();
  while (source.isArchiving() && !isAfter(source.latestRestorableTime(), leapt)) await sleep(50);
};
