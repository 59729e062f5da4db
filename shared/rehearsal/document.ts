import { type JobFailure, nameFailure } from '../job/failure.ts';
import type { Trigger } from '../job/state.ts';
import type { RehearsalLimits } from '../plan/rehearsal-limits.ts';
import type { Cost } from '../result/cost.ts';
import { adviseOn, type ChangeAdvice, noAdvice } from './advice.ts';
import type { Finding } from './findings.ts';
import type { StoredScript } from './input.ts';
import type { ChangeMeasured } from './measured.ts';
import { type Judgement, judgeChange, type Verdict } from './verdict.ts';

/** The phases of a rehearsal, in order: all task states of the state machine except the last, which writes the document. */
export const rehearsalPhases = [
  'PrepareRehearsal',
  'AskProduction',
  'RestoreCluster',
  'CheckCluster',
  'AddWriter',
  'CheckWriter',
  'SetPassword',
  'CheckPassword',
  'RehearseChange',
  'NotifyRehearsal',
  'TearDown',
  'CheckTeardown',
] as const;

export type RehearsalPhase = (typeof rehearsalPhases)[number];
export type RehearsalFailure = JobFailure<RehearsalPhase | 'ConcludeRehearsal'>;

/** Public: what one rehearsal found, the same in AWS and on this machine. Instants: ISO 8601, UTC. */
export type RehearsalDocument = {
  schema: 'aurora-drills/rehearsal/1';
  id: string;
  job: 'rehearse';
  /** plan, source and engine are null if it failed before it knew them. */
  plan: string | null;
  source: string | null;
  engine: string | null;
  trigger: Trigger;
  /** The script and the plan were read, and nothing was made. */
  dryRun: boolean;
  verdict: Verdict;
  /** Why the execution failed: the verdict, if it is none but safe, or what went wrong. */
  failure: RehearsalFailure | null;
  otherFailures: RehearsalFailure[];
  /** Null before the script was read. `storedAt`: null if it stood in the input. */
  change: { summary: string; storedAt: StoredScript | null } | null;
  limits: RehearsalLimits | null;
  contenderSeconds: number | null;
  /** The copy-on-write clone; null before it was asked for. */
  clone: string | null;
  /** In what the clone differs from production, in sentences: its instance class, for one. */
  differences: string[];
  /** What acts in the clone all the same, as the plan accepts; empty if nothing. */
  sideEffects: string;
  /** The worst first. */
  findings: Finding[];
  notes: string[];
  /** Null if nothing was run. */
  measured: ChangeMeasured | null;
  advice: ChangeAdvice;
  phases: { name: RehearsalPhase; startedAt: string; endedAt: string; seconds: number }[];
  teardown: { status: 'completed' | 'failed' | 'not-needed' | 'pending'; deleted: string[] };
  resources: RehearsedResource[];
  cost: Cost;
  startedAt: string;
  endedAt: string;
};

/** Null: not known when. */
export type RehearsedResource = {
  kind: 'cluster' | 'instance';
  name: string;
  createdAt: string | null;
  deletedAt: string | null;
};

/** What a rehearsal's own states tell of it. The verdict and all words about it follow from that. */
export type RehearsalOutcome = Omit<
  RehearsalDocument,
  'schema' | 'job' | 'verdict' | 'failure' | 'otherFailures' | 'findings' | 'notes' | 'advice'
> & {
  /** What went wrong, in the order of the phases; the verdict left out. */
  failures: RehearsalFailure[];
  /** What the script said of itself (`readScript`). */
  scriptNotes: string[];
};

/** The document as the states have it so far. */
export const buildRehearsal = (outcome: RehearsalOutcome): RehearsalDocument => {
  const { failures, scriptNotes, startedAt, endedAt, ...rest } = outcome;
  const { verdict, findings, notes } = judge(outcome);
  const ofVerdict = findVerdictFailure(outcome, verdict, findings);
  const [failure = null, ...otherFailures] = [
    ...failures,
    ...(ofVerdict === null ? [] : [ofVerdict]),
  ].toSorted(byPhase);
  return {
    schema: 'aurora-drills/rehearsal/1',
    job: 'rehearse',
    ...rest,
    verdict,
    failure,
    otherFailures,
    findings,
    notes: [...scriptNotes, ...notes],
    advice: outcome.measured === null ? noAdvice : adviseOn(outcome.measured, findings),
    startedAt,
    endedAt,
  };
};

const judge = ({ measured, limits }: RehearsalOutcome): Judgement =>
  measured === null || limits === null
    ? { verdict: 'not measured', findings: [], notes: [] }
    : judgeChange(measured, limits);

const order: readonly string[] = [...rehearsalPhases, 'ConcludeRehearsal'];

const byPhase = (one: RehearsalFailure, other: RehearsalFailure): number =>
  order.indexOf(one.phase) - order.indexOf(other.phase);

const verdictErrors = {
  unsafe: 'ChangeUnsafe',
  failed: 'ChangeFailed',
  'not measured': 'ChangeNotMeasured',
} as const;

/** What was not even run has a failure of its own, or is a dry run. */
const findVerdictFailure = (
  { measured }: RehearsalOutcome,
  verdict: Verdict,
  findings: readonly Finding[],
): RehearsalFailure | null => {
  if (measured === null || verdict === 'safe') return null;
  const [first] = findings;
  const others = findings.length > 1 ? `, and ${findings.length - 1} more` : '';
  const cause = `${placeFinding(first)}${first?.words ?? 'nothing was measured'}${others}`;
  return nameFailure('RehearseChange', verdictErrors[verdict], cause);
};

/** "statement 2: ", or nothing for the change as a whole. */
export const placeFinding = (finding: Pick<Finding, 'statement'> | undefined): string =>
  finding === undefined || finding.statement === null ? '' : `statement ${finding.statement}: `;
