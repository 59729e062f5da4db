import type { DrillState, Phase } from '../../shared/drill/state.ts';
import type { ErrorName } from '../../shared/errors.ts';
import type { CheckResult } from '../../shared/truth/checks.ts';
import type { EngineName } from '../servers/engine-name.ts';

/** What the doomed process is told: run an execution, and die once this phase has run. */
export type CrashOrder = {
  name: string;
  input: unknown;
  waitMs: number;
  engine: EngineName;
  password: string;
  lastPhase: Phase;
  plansText: string;
  teardownMinutes: number;
};

/** What it tells the process that keeps the world that it leaves behind. */
export type ChildMessage =
  | { kind: 'call'; id: number; port: 'aurora' | 'notify'; verb: string; argument: unknown }
  | { kind: 'state'; name: string; state: DrillState }
  | { kind: 'check'; check: CheckResult };

/** The answer to a call; an error crosses as what a DrillError is made of. */
export type CallAnswer = {
  id: number;
  value?: unknown;
  error?: { name: ErrorName; summary: string; hint: string };
};
