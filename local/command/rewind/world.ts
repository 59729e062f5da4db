import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../shared/clock.ts';
import type { DatabaseAddress } from '../../../shared/database/port.ts';
import { executionPrefixes } from '../../../shared/job/trigger.ts';
import type { BacktrackSettings } from '../../aurora/backtracks.ts';
import { localAddress } from '../../aurora/database.ts';
import { type LocalWorld, localPace, startLocalWorld } from '../../aurora/world.ts';
import type { MarkWorld } from '../../machine/mark.ts';
import type { Keeper } from '../../servers/keeper.ts';
import { chooseEngine } from '../../sources/engines.ts';
import type { Progress } from '../progress.ts';
import type { Settings } from '../settings.ts';

/** The sample on MariaDB, which plays a cluster with Backtrack. */
export type BacktrackWorld = LocalWorld & {
  address: DatabaseAddress;
  /** How often production was asked to go back. */
  countCalls(): number;
  /** What the machines of marks and rewinds are given alike. */
  given: MarkWorld;
};

/** A day. */
const targetSeconds = 86_400;
/** Older than the two minutes that a pre-flight wants to spare. */
const olderSeconds = 600;
/** A minute in AWS. */
const watchMs = 500;

export const startBacktrackWorld = async (
  { plan, plansText }: Pick<Settings, 'plan' | 'plansText'>,
  backtrack: Pick<BacktrackSettings, 'hasBinlogConsumers' | 'fault'>,
  keeper: Keeper,
  { note }: Pick<Progress, 'note'>,
): Promise<BacktrackWorld> => {
  const world = await startLocalWorld({
    keeper,
    plan,
    engine: chooseEngine('mysql', null),
    password: randomBytes(18).toString('base64url'),
    fault: null,
    backtrack: { targetSeconds, olderSeconds, ...backtrack },
    ...localPace,
    onEvent: note,
  });
  let calls = 0;
  const aurora: LocalWorld['aurora'] = {
    ...world.aurora,
    backtrackCluster: (request) => {
      calls++;
      return world.aurora.backtrackCluster(request);
    },
  };
  return {
    ...world,
    aurora,
    address: localAddress('mysql', world.source.port, plan.database),
    countCalls: () => calls,
    given: {
      aurora,
      database: world.database,
      readPlans: async () => plansText,
      watch: () => sleep(watchMs),
      now: systemClock,
    },
  };
};

/** Of an execution of its own. */
export const nameExecution = (): string => `${executionPrefixes.local}${randomBytes(6).toString('hex')}`;
