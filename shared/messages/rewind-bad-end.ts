import { type ErrorName, errorCatalog } from '../errors.ts';
import { isAfter } from '../instants.ts';
import { jobId } from '../job/names.ts';
import type { Typed } from '../recovery/input.ts';
import { rds } from '../recovery/setting-commands.ts';
import { describeRemoval } from '../recovery/words.ts';
import { formatInstant } from '../result/format.ts';
import { codeEnd, readMadeAt } from '../rewind/code.ts';
import { type Asked, showRecoverInput, showRewindInput } from '../rewind/input.ts';
import { type Fate, judgeTraces, type Traces } from '../rewind/traces.ts';
import { describeClone, describeFate, describeProduction } from '../rewind/traces-words.ts';
import type { ChangedExecution } from '../teardown/sweep-trigger.ts';
import { type BadEnd, describeWhy, ends, whatToSearch } from './bad-end.ts';
import { cutLine, cutStep, toTitle } from './cut.ts';
import { rewindKey } from './keys.ts';
import type { Message } from './message.ts';

export type BadRewind = {
  execution: ChangedExecution & { status: BadEnd };
  /** What somebody typed; its plan is the only one if none was typed. */
  typed: Typed;
  /** The code that confirmed it; null if its input is not known. */
  confirm: string | null;
  /** Of its plan; null if that is not known. */
  source: string | null;
  traces: Traces;
  /** Where its page is, if it has filed one. */
  report: string | null;
};

/**
 * The message about a confirmed rewind that was stopped, timed out or failed. First what became of production, for RDS goes on
 * with a rewind that it has begun, and nobody follows it then.
 * @param at ISO 8601
 */
export const describeBadRewind = (end: BadRewind, at: string): Message => {
  const { execution, typed, source, traces, report } = end;
  const { arn, name, status, error, cause } = execution;
  const id = jobId(arn);
  const fate = judgeTraces(traces);
  const { clone } = traces;
  const standing = clone === null || 'unread' in clone ? null : clone;
  const to = typed.restoreTo === null ? '' : ` to ${formatInstant(typed.restoreTo)}`;
  const facts: Message['facts'] = [
    ...listFacts(end),
    ['Rewind', `${id}${typed.reason === null ? '' : `: ${typed.reason}`}`],
    ['Execution', name],
    ...(report === null ? [] : ([['Report', report]] satisfies Message['facts'])),
  ];
  return {
    kind: 'rewind-failed',
    title: toTitle(`Rewind ${ends[status].title}: ${nameOf(end)} ${describeFate(fate)}`),
    happened: [
      `The rewind of ${nameOf(end)}${to} ${ends[status].happened}${describeWhy(execution)}.`,
      ...describeProduction(nameOf(end), typed.restoreTo, traces),
      describeClone(clone),
      ...(report === null ? [] : ['It had filed a report before: that has what was known until then.']),
    ].map(cutLine),
    toDo: listSteps(end, fate, at).map(cutStep),
    facts: facts.map(([label, value]) => [label, cutLine(value)]),
    dedupKey: rewindKey(id),
    clusters: [source, standing?.cluster ?? null].filter((one) => one !== null),
    at,
    details: { rewindId: id, plan: typed.plan, source, execution: arn, status, error, cause, traces, report },
  };
};

const listFacts = ({
  typed: { plan, restoreTo },
  traces: { clone, status, rewind },
}: BadRewind): Message['facts'] => {
  const asked = 'unread' in rewind ? null : rewind.asked;
  return [
    ['Plan', plan ?? 'not known'],
    ['Asked for', restoreTo === null ? 'not known' : formatInstant(restoreTo)],
    ...(asked === null
      ? []
      : ([
          [
            'Rewind in RDS',
            `${asked.identifier}, ${asked.status}, asked for ${formatInstant(asked.requestedAt)}`,
          ],
        ] satisfies Message['facts'])),
    ...(status === null ? [] : ([['Status', status]] satisfies Message['facts'])),
    ...(clone === null || 'unread' in clone
      ? []
      : ([['Before it', clone.cluster]] satisfies Message['facts'])),
  ];
};

const nameOf = ({ source, typed, execution }: BadRewind): string =>
  source ?? typed.plan ?? `a plan that ${execution.name} does not tell`;

const listSteps = (end: BadRewind, fate: Fate, at: string): string[] => {
  const { execution, source, traces, report } = end;
  const { status, error } = execution;
  const hint =
    error !== null && Object.hasOwn(errorCatalog, error) ? [errorCatalog[error as ErrorName].hint] : [];
  const told = report === null ? [] : ['read its report, which has every way on'];
  const look = rds('describe-db-cluster-backtracks', '--db-cluster-identifier', source ?? 'CLUSTER');
  const { clone } = traces;
  return [
    ...(status === 'FAILED' ? [...hint, ...told] : [whatToSearch[status]]),
    ...(fate === 'unasked' ? [] : [`before anything writes, look at its rewinds: ${look}`]),
    ...listStarts(end, fate, at),
    ...(clone === null || 'unread' in clone
      ? []
      : [`when nobody needs it: ${describeRemoval(clone.cluster)}`]),
  ];
};

/** What the same input would do now: RewindCluster looks first, and what a code has brought about is never asked for again. */
const listStarts = (end: BadRewind, fate: Fate, at: string): string[] => {
  const { execution, typed, confirm, traces, report } = end;
  const { plan, reason, restoreTo, wish } = typed;
  if (restoreTo === null || confirm === null) return [];
  const asked: Asked = { plan, restoreTo, reason, tests: wish.tests ?? 'all' };
  const same = showRewindInput(asked, confirm);
  const fresh = `begin with the pre-flight again: ${showRewindInput(asked)}`;
  const madeAt = readMadeAt(confirm);
  const isOvertaken = !('unread' in traces.rewind) && traces.rewind.later !== null;
  if (madeAt === null || isOvertaken) return [`its code is of no use any more, so ${fresh}`];
  const holds = !isAfter(at, codeEnd(madeAt));
  const until = `its code ${holds ? 'holds' : 'held'} until ${formatInstant(codeEnd(madeAt))}`;
  const recover = `or recover to the same time: ${showRecoverInput(asked)}`;
  switch (fate) {
    case 'running':
    case 'rewound':
      // It has followed it to its end, and told.
      if (execution.status === 'FAILED' && report !== null) return [];
      return [
        `start it again with the same input, which follows that rewind and asks for no second one: ${same}`,
      ];
    case 'failed':
      return [fresh, recover];
    case 'unlisted':
    case 'unknown':
      return [
        `start it again with the same input, which follows what was asked for and never asks twice; ${until}, and nothing new is asked for after that: ${same}`,
      ];
    case 'unasked':
      return [
        holds ? `start it again with the same input, ${until}: ${same}` : `${until}, so ${fresh}`,
        recover,
      ];
    default:
      return fate satisfies never;
  }
};
