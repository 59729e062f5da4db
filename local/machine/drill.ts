import { addWriter } from '../../functions/copy/add-writer.ts';
import { checkCluster } from '../../functions/copy/check-cluster.ts';
import { checkRestorePoint } from '../../functions/copy/check-restore-point.ts';
import { checkSnapshot } from '../../functions/copy/check-snapshot.ts';
import { checkTeardown } from '../../functions/copy/check-teardown.ts';
import { checkWriter } from '../../functions/copy/check-writer.ts';
import { restoreCluster } from '../../functions/copy/restore-cluster.ts';
import { takeSnapshot } from '../../functions/copy/take-snapshot.ts';
import { tearDown } from '../../functions/copy/tear-down.ts';
import { captureBaseline } from '../../functions/drill/capture-baseline.ts';
import { completeBaseline } from '../../functions/drill/complete-baseline.ts';
import { concludeDrill } from '../../functions/drill/conclude-drill.ts';
import { notifyResult } from '../../functions/drill/notify-result.ts';
import { prepareDrill } from '../../functions/drill/prepare-drill.ts';
import { verifyRestore } from '../../functions/drill/verify-restore.ts';
import type { Aurora } from '../../shared/aurora/port.ts';
import type { Warn } from '../../shared/aws/lambda.ts';
import type { Database } from '../../shared/database/port.ts';
import type { DrillResult } from '../../shared/drill/document.ts';
import type { DrillState } from '../../shared/drill/state.ts';
import type { FileResult } from '../../shared/history/filing.ts';
import type { ReadPosture } from '../../shared/history/source-posture.ts';
import type { Clock } from '../../shared/instants.ts';
import type { Step } from '../../shared/job/step.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import type { Metrics } from '../../shared/monitors/metrics.ts';
import type { PlaceOf } from '../../shared/report/place.ts';
import type { Prices } from '../../shared/result/prices.ts';
import type { CheckResult } from '../../shared/truth/checks.ts';
import {
  type ExecutionOptions as AnyOptions,
  type Machine,
  type RunningExecution,
  readDefinition,
  startMachine,
} from './execution.ts';

/** What the functions of the drill are given on this machine instead of AWS. */
export type World = {
  aurora: Aurora;
  database: Database;
  notify: Notify;
  readPlans: () => Promise<string>;
  placeOf: PlaceOf;
  file: FileResult;
  readPosture: ReadPosture;
  metrics: Pick<Metrics, 'publish' | 'read'>;
  prices: () => Prices;
  onCheck: (check: CheckResult) => void;
  teardownMinutes: number;
  now: Clock;
  pause: () => Promise<unknown>;
  warn: Warn;
};

/** The functions' own cores, by the name that function, state and serverless key share. */
const steps: Record<string, Step<World, unknown, DrillState>> = {
  PrepareDrill: prepareDrill,
  CaptureBaseline: captureBaseline,
  CheckRestorePoint: checkRestorePoint,
  TakeSnapshot: takeSnapshot,
  CheckSnapshot: checkSnapshot,
  CompleteBaseline: completeBaseline,
  RestoreCluster: restoreCluster,
  CheckCluster: checkCluster,
  AddWriter: addWriter,
  CheckWriter: checkWriter,
  VerifyRestore: verifyRestore,
  NotifyResult: notifyResult,
  TearDown: tearDown,
  CheckTeardown: checkTeardown,
  ConcludeDrill: concludeDrill,
};

/** The drill, as it runs on this machine. */
export const drillMachine: Machine<World, DrillState> = {
  definition: new URL('../../statemachines/drill.asl.yaml', import.meta.url),
  steps,
};

export type ExecutionOptions = AnyOptions<World, DrillState>;

/** Runs a drill's state machine in this process. */
export const startExecution = (options: ExecutionOptions): Promise<RunningExecution<DrillResult>> =>
  startMachine(drillMachine, options);

/** The definition of the drill, as `startExecution` runs it. */
export const readDrillDefinition = () => readDefinition(drillMachine.definition);
