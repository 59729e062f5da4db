import { addWriter } from '../../functions/copy/add-writer.ts';
import { checkCluster } from '../../functions/copy/check-cluster.ts';
import { checkRestorePoint } from '../../functions/copy/check-restore-point.ts';
import { checkTeardown } from '../../functions/copy/check-teardown.ts';
import { checkWriter } from '../../functions/copy/check-writer.ts';
import { restoreCluster } from '../../functions/copy/restore-cluster.ts';
import { tearDown } from '../../functions/copy/tear-down.ts';
import { askSides } from '../../functions/extract/ask-sides.ts';
import { concludeExtract } from '../../functions/extract/conclude-extract.ts';
import { copyTables } from '../../functions/extract/copy-tables.ts';
import { describeTables } from '../../functions/extract/describe-tables.ts';
import { notifyExtract } from '../../functions/extract/notify-extract.ts';
import { prepareExtract } from '../../functions/extract/prepare-extract.ts';
import { verifyExtract } from '../../functions/extract/verify-extract.ts';
import type { Extraction } from '../../shared/copying/port.ts';
import type { Database } from '../../shared/database/port.ts';
import type { ExtractState } from '../../shared/extracting/state.ts';
import type { ExtractDocument } from '../../shared/extraction/document.ts';
import type { PlaceOfExtract } from '../../shared/extraction/place.ts';
import type { FileExtract } from '../../shared/history/filing.ts';
import type { Resolve } from '../../shared/job/production.ts';
import type { Step } from '../../shared/job/step.ts';
import type { World } from './drill.ts';
import {
  type ExecutionOptions as AnyOptions,
  type Machine,
  type RunningExecution,
  startMachine,
} from './execution.ts';

/** What the functions of an extract are given on this machine instead of AWS. */
export type ExtractWorld = Pick<
  World,
  | 'aurora'
  | 'database'
  | 'notify'
  | 'readPlans'
  | 'prices'
  | 'onCheck'
  | 'teardownMinutes'
  | 'now'
  | 'pause'
  | 'warn'
> & {
  placeOf: PlaceOfExtract;
  file: FileExtract;
  extraction: Extraction;
  /** Signs in as the user of a sandbox. */
  sandboxes: Database;
  resolve: Resolve;
  /** How long one pass of the copying may take, in milliseconds. */
  mostMs: number;
};

const steps: Record<string, Step<ExtractWorld, unknown, ExtractState>> = {
  PrepareExtract: prepareExtract,
  AskSides: askSides,
  CheckRestorePoint: checkRestorePoint,
  RestoreCluster: restoreCluster,
  CheckCluster: checkCluster,
  AddWriter: addWriter,
  CheckWriter: checkWriter,
  DescribeTables: describeTables,
  CopyTables: copyTables,
  VerifyExtract: verifyExtract,
  NotifyExtract: notifyExtract,
  TearDown: tearDown,
  CheckTeardown: checkTeardown,
  ConcludeExtract: concludeExtract,
};

/** The extract, as it runs on this machine. */
export const extractMachine: Machine<ExtractWorld, ExtractState> = {
  definition: new URL('../../statemachines/extract.asl.yaml', import.meta.url),
  steps,
};

export type ExtractOptions = AnyOptions<ExtractWorld, ExtractState>;

/** Runs an extract's state machine in this process. */
export const startExtract = (options: ExtractOptions): Promise<RunningExecution<ExtractDocument>> =>
  startMachine(extractMachine, options);
