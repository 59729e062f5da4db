import { addWriter } from '../../functions/copy/add-writer.ts';
import { checkCluster } from '../../functions/copy/check-cluster.ts';
import { checkTeardown } from '../../functions/copy/check-teardown.ts';
import { checkWriter } from '../../functions/copy/check-writer.ts';
import { restoreCluster } from '../../functions/copy/restore-cluster.ts';
import { tearDown } from '../../functions/copy/tear-down.ts';
import { askProduction } from '../../functions/rehearse/ask-production.ts';
import { checkPassword } from '../../functions/rehearse/check-password.ts';
import { concludeRehearsal } from '../../functions/rehearse/conclude-rehearsal.ts';
import { notifyRehearsal } from '../../functions/rehearse/notify-rehearsal.ts';
import { prepareRehearsal } from '../../functions/rehearse/prepare-rehearsal.ts';
import { rehearseChange } from '../../functions/rehearse/rehearse-change.ts';
import { setPassword } from '../../functions/rehearse/set-password.ts';
import type { FileRehearsal } from '../../shared/history/filing.ts';
import type { Resolve } from '../../shared/job/production.ts';
import type { Step } from '../../shared/job/step.ts';
import type { Time } from '../../shared/probing/time.ts';
import type { RehearsalDocument } from '../../shared/rehearsal/document.ts';
import type { PlaceOfRehearsal } from '../../shared/rehearsal/place.ts';
import type { ReachClone } from '../../shared/rehearsing/reach.ts';
import type { Scripts } from '../../shared/rehearsing/scripts.ts';
import type { RehearsalState } from '../../shared/rehearsing/state.ts';
import type { World } from './drill.ts';
import {
  type ExecutionOptions as AnyOptions,
  type Machine,
  type RunningExecution,
  startMachine,
} from './execution.ts';

/** What the functions of the rehearsal are given on this machine instead of AWS. */
export type RehearsalWorld = Pick<
  World,
  'aurora' | 'database' | 'notify' | 'readPlans' | 'prices' | 'teardownMinutes' | 'now' | 'pause' | 'warn'
> & {
  placeOf: PlaceOfRehearsal;
  file: FileRehearsal;
  scripts: Scripts;
  /** What the passwords of clones are derived from. */
  secret: () => string;
  resolve: Resolve;
  reach: ReachClone;
  /** How long a change may run, in milliseconds. */
  mostMs: number;
  time: Time;
};

const steps: Record<string, Step<RehearsalWorld, unknown, RehearsalState>> = {
  PrepareRehearsal: prepareRehearsal,
  AskProduction: askProduction,
  RestoreCluster: restoreCluster,
  CheckCluster: checkCluster,
  AddWriter: addWriter,
  CheckWriter: checkWriter,
  SetPassword: setPassword,
  CheckPassword: checkPassword,
  RehearseChange: rehearseChange,
  NotifyRehearsal: notifyRehearsal,
  TearDown: tearDown,
  CheckTeardown: checkTeardown,
  ConcludeRehearsal: concludeRehearsal,
};

/** The rehearsal, as it runs on this machine. */
export const rehearseMachine: Machine<RehearsalWorld, RehearsalState> = {
  definition: new URL('../../statemachines/rehearse.asl.yaml', import.meta.url),
  steps,
};

export type RehearsalOptions = AnyOptions<RehearsalWorld, RehearsalState>;

/** Runs a rehearsal's state machine in this process. */
export const startRehearsal = (options: RehearsalOptions): Promise<RunningExecution<RehearsalDocument>> =>
  startMachine(rehearseMachine, options);
