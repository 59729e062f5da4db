import type { Aurora } from '../aurora/port.ts';
import { parseExecutionInput } from '../drill/input.ts';
import { isDrillError } from '../errors.ts';
import { type Clock, toIso } from '../instants.ts';
import { type BadEnd, decideTelling, describeBadEnd, parseInput } from '../messages/bad-end.ts';
import type { Message } from '../messages/message.ts';
import { describeBadRecovery } from '../messages/recovery-bad-end.ts';
import { describeBadRewind } from '../messages/rewind-bad-end.ts';
import { choosePlan, type Plan } from '../plan/plans.ts';
import { findStanding } from '../recovering/standing.ts';
import { readTyped, type Typed } from '../recovery/input.ts';
import type { Prices } from '../result/prices.ts';
import { glanceAtCode, isPreflight } from '../rewind/input.ts';
import { findTraces } from '../rewinding/traces.ts';
import type { ChangedExecution } from '../teardown/sweep-trigger.ts';
import { type Filed, findDrill, findReport } from './filed.ts';

export type BadEndPorts = Filed & {
  aurora: Pick<Aurora, 'listClusters' | 'listInstances' | 'listBacktracks'>;
  /** The state machines of this stack whose jobs make copies. */
  stateMachineArns: () => string[];
  /** The two whose clusters stay. */
  recoverMachineArn: () => string;
  rewindMachineArn: () => string;
  prices: () => Prices;
  now: Clock;
};

type Plans = Record<string, Plan>;
type Ended = ChangedExecution & { status: BadEnd };

/** What the pager has to hear of an execution that has changed: null if nothing. */
export const describeChanged = async (
  execution: ChangedExecution,
  plans: Plans,
  ports: BadEndPorts,
): Promise<Message | null> => {
  const recovery = decideTelling(execution, [ports.recoverMachineArn()]);
  if (recovery.action === 'tell') return describeRecovery(recovery.end, plans, ports);
  const rewind = decideTelling(execution, [ports.rewindMachineArn()], isPreflight);
  if (rewind.action === 'tell') return describeRewind(rewind.end, plans, ports);
  const drill = decideTelling(execution, ports.stateMachineArns());
  if (drill.action === 'ignore') return null;
  const plan = findPlan(plans, () => parseExecutionInput(parseInput(execution.input)).plan);
  return describeBadEnd(drill.end, plan, toIso(ports.now()), await findDrill(execution.arn, ports));
};

/** Nothing of a recovery is swept: what stands is told, with its cost and how to go on. */
const describeRecovery = async (end: Ended, plans: Plans, ports: BadEndPorts): Promise<Message> => {
  const { typed, source } = readStart(end, plans, ports);
  const sought = { execution: end.arn, source, restoreTo: typed.restoreTo };
  const seen = await findStanding(ports.aurora, sought, ports.prices()).then(
    (standing) => ({ standing }),
    unreadBy,
  );
  const report = await findReport(end.arn, ports);
  return describeBadRecovery({ execution: end, typed, seen, report }, toIso(ports.now()));
};

/** Nor of a rewind: RDS goes on with one that it has begun, and the clone stays. */
const describeRewind = async (end: Ended, plans: Plans, ports: BadEndPorts): Promise<Message> => {
  const { typed, source } = readStart(end, plans, ports);
  const confirm = glanceAtCode(parseInput(end.input));
  const sought = { execution: end.arn, source, to: typed.restoreTo, confirm };
  const traces = await findTraces(ports.aurora, sought, ports.prices());
  const report = await findReport(end.arn, ports);
  return describeBadRewind({ execution: end, typed, confirm, source, traces, report }, toIso(ports.now()));
};

type Start = { typed: Typed; source: string | null };

/** What somebody typed, and what its plan is of, as far as that is known. */
const readStart = ({ input, startedAt }: Ended, plans: Plans, { now }: BadEndPorts): Start => {
  const typed = readTyped(parseInput(input), startedAt ?? toIso(now()));
  const plan = findPlan(plans, () => typed.plan ?? undefined);
  return { typed: { ...typed, plan }, source: plan === null ? null : (plans[plan]?.source ?? null) };
};

const unreadBy = (error: unknown): { unread: string } => {
  if (!isDrillError(error)) throw error;
  return { unread: error.summary };
};

/** The plan that the execution was of, or null when its input does not tell. */
const findPlan = (plans: Plans, readWish: () => string | undefined): string | null => {
  try {
    return choosePlan(plans, readWish(), 'plans.yml').name;
  } catch {
    return null;
  }
};
