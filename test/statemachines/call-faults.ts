import pMap from 'p-map';
import type { Aurora } from '../../shared/aurora/port.ts';
import { DrillError, transientErrors } from '../../shared/errors.ts';
import type { JobFailure } from '../../shared/job/failure.ts';
import { describeLeft, type FaultRow } from './fault-table.ts';
import { awsCalls, backtrackCalls, errorsOf, translate } from './injected-faults.ts';
import { interceptVerbs } from './model-world.ts';

/** A call to the outside, as "phase verb". */
export type Call = string;

export type Watch = {
  before?: (call: Call) => void;
  after?: (call: Call) => void;
  /** Around a whole function. */
  around?: (state: string, run: () => Promise<unknown>) => Promise<unknown>;
};

/** Puts a watch around what a world calls, in whichever phase it is. */
export const watchCalls = ({ before = () => {}, after = () => {}, around = (_, run) => run() }: Watch) => {
  let phase = '';
  return {
    aurora: (aurora: Aurora): Aurora =>
      interceptVerbs(aurora, async (verb, _, ask) => {
        before(`${phase} ${verb}`);
        const answer = await ask();
        after(`${phase} ${verb}`);
        return answer;
      }),
    through:
      <Parameters extends unknown[], Answer>(verb: string, ask: (...all: Parameters) => Promise<Answer>) =>
      async (...all: Parameters): Promise<Answer> => {
        before(`${phase} ${verb}`);
        return ask(...all);
      },
    aroundTask: (state: string, run: () => Promise<unknown>): Promise<unknown> => {
      phase = state;
      return around(state, run);
    },
  };
};

export type Case = { call: Call; error: string; fault: Error };

const databaseErrors = ['DatabaseUnreachable', 'DatabaseBusy', 'DatabaseFailure'] as const;

/** What AWS, or a database, may answer to a call, in the words of its port. */
const faultsOf = (call: Call, databaseVerbs: readonly string[]): [error: string, fault: Error][] => {
  const verb = call.split(' ')[1] ?? '';
  if (databaseVerbs.includes(verb))
    return databaseErrors.map((name) => [name, new DrillError(name, `injected ${name}`)]);
  // ModifyDBCluster, as for the protection.
  const others = { notify: 'publish', file: 'write', setMasterPassword: 'liftProtection' };
  const known = (others as Record<string, string>)[verb] ?? verb;
  return (
    errorsOf(known)
      // To this question it is an answer: there is none.
      .filter((error) => !(verb === 'findCluster' && error === 'DBClusterNotFoundFault'))
      .map((error) => [error, translate(known, error)])
  );
};

const isTeardown = (call: Call): boolean => /^(TearDown|CheckTeardown) /.test(call);

/** What a teardown makes of each error is seen with drills, whose functions these are. */
export const listCases = (calls: Iterable<Call>, databaseVerbs: readonly string[]): Case[] =>
  [...calls]
    .filter((call) => !isTeardown(call))
    .flatMap((call) => faultsOf(call, databaseVerbs).map(([error, fault]) => ({ call, error, fault })));

/** A cluster that has the name and is not to be seen may become visible, and one that cannot be modified now may be soon. */
export const expectedName = ({ call, fault: { name } }: Case): string => {
  if (name === 'TargetNameTaken' && call.endsWith('restoreCluster')) return 'AwsUnavailable';
  return name === 'InvalidClusterState' && call.endsWith('setMasterPassword') ? 'AwsUnavailable' : name;
};

export const isRetried = (one: Case): boolean =>
  (transientErrors as readonly string[]).includes(expectedName(one));

type Run = {
  result: { failure: JobFailure | null };
  hasSucceeded: boolean;
  left: string[];
  leftAfterSweeps: string[];
};

/** Runs an execution for each case in which AWS answers so at first, and one in which it always does. */
export const runCases = <One extends Run>(
  cases: readonly Case[],
  run: (watch: Watch, name: string) => Promise<One>,
  lastState: string,
) => {
  const runCase = ({ call, error, fault }: Case, times: number) => {
    let left = times;
    const before = (seen: Call) => {
      if (seen === call && left-- > 0) throw fault;
    };
    return run({ before }, `local-${call.replace(' ', '-')}-${error}-${times}`);
  };
  // The last state has half a minute for its attempts, and 20 seconds pass with each look at this clock.
  const timesOf = ({ call }: Case): number => (call.startsWith(lastState) ? 1 : 2);
  return pMap(
    cases,
    async (one) => ({
      ...one,
      first: await runCase(one, timesOf(one)),
      always: await runCase(one, Number.POSITIVE_INFINITY),
    }),
    { concurrency: 8 },
  );
};

const describeEnd = ({ result: { failure } }: Run): string =>
  failure === null ? 'passes' : `${failure.error} in ${failure.phase}`;

/** Rows for docs. @param operations what people call what is asked */
export const listRows = (
  outcomes: readonly (Case & { first: Run; always: Run })[],
  operations: Readonly<Record<string, string>>,
): FaultRow[] =>
  outcomes.map(({ call, error, first, always }) => {
    const [state = '', verb = ''] = call.split(' ');
    return {
      call: operations[verb] ?? (awsCalls[verb] ?? backtrackCalls[verb])?.operation ?? verb,
      state,
      error,
      once: describeEnd(first),
      always: describeEnd(always),
      left: describeLeft(always),
    };
  });

/** The function of a phase ends so, that many times, without an answer of its own. */
export const failFunction = (phase: string, name: string, times: number): Required<Watch>['around'] => {
  let left = times;
  return (state, run) =>
    state === phase && left-- > 0 ? Promise.reject(Object.assign(new Error('said so'), { name })) : run();
};
