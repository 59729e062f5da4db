import { recoveryExample } from '../../../local/documents/recovery-example.ts';
import {
  buildRecovery,
  type RecoveryDocument,
  type RecoveryOutcome,
} from '../../../shared/recovery/document.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';

const { restoreTo } = recoveryExample.restore;

export const makeTest = (name: string, verdict: CheckResult['verdict']): CheckResult => ({
  name: `test ${name}`,
  kind: 'query',
  table: null,
  expected: 0,
  actual: verdict === 'failed' ? '12' : '0',
  tolerance: null,
  verdict,
  reason: verdict === 'failed' ? 'the answer differs' : 'the answer is as expected',
});

export const makeOutcome = (changes: Partial<RecoveryOutcome> = {}): RecoveryOutcome => ({
  ...recoveryExample,
  ...changes,
});

export const makeRecovery = (changes: Partial<RecoveryOutcome> = {}): RecoveryDocument =>
  buildRecovery(makeOutcome(changes));

/** Before anything was made. */
export const nothingMade: Partial<RecoveryOutcome> = {
  restore: { kind: null, restoreTo, reached: null },
  cluster: null,
  readers: [],
  usableAfterSeconds: null,
  changes: null,
  tests: [],
  settings: [],
  phases: [],
  resources: [],
};
