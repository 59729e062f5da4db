import aslValidator from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { readDefinition } from '../../local/machine/execution.ts';
import { timeoutErrors, transientErrors } from '../../shared/errors.ts';
import { allMachines } from './machines.ts';

type Retrier = { ErrorEquals: string[]; MaxAttempts: number; BackoffRate: number; JitterStrategy: string };
type Catcher = { ErrorEquals: string[]; ResultPath: string; Next: string };
type Choice = {
  Variable: string;
  StringEquals?: string;
  BooleanEquals?: boolean;
  IsPresent?: boolean;
  Next: string;
};
type State = {
  Type: string;
  Next?: string;
  Resource?: string;
  TimeoutSeconds?: number;
  ResultPath?: string;
  Retry?: Retrier[];
  Catch?: Catcher[];
  Choices?: Choice[];
  Default?: string;
  SecondsPath?: string;
};

/** What aws-local-stepfunctions does; it ignores any other field, and a drill here would differ from one in AWS. */
const supportedFields: Record<string, string[]> = {
  Pass: ['Type', 'Comment', 'Parameters', 'Next'],
  Task: ['Type', 'Resource', 'TimeoutSeconds', 'ResultPath', 'Retry', 'Catch', 'Next'],
  Choice: ['Type', 'Choices', 'Default'],
  Wait: ['Type', 'SecondsPath', 'Next'],
  Succeed: ['Type'],
  Fail: ['Type', 'ErrorPath', 'CausePath'],
};

const edgesOf = ({ Next, Default, Catch, Choices }: State): string[] =>
  [
    Next,
    Default,
    ...(Catch ?? []).map((catcher) => catcher.Next),
    ...(Choices ?? []).map((choice) => choice.Next),
  ].filter((next) => next !== undefined);

/** Every state that can be reached without passing the given ones. */
const reachable = (states: Record<string, State>, from: string, without: string[]): Set<string> => {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name) || without.includes(name)) return;
    seen.add(name);
    for (const next of edgesOf(states[name] as State)) visit(next);
  };
  visit(from);
  return seen;
};

describe.each(Object.entries(allMachines))(
  'the definition of %s',
  async (_, { machine, sqlPhases, isKept, callsOnce, makes = 'RestoreCluster' }) => {
    const definition = await readDefinition(machine.definition);
    const states = definition.States as unknown as Record<string, State>;
    const ofType = (type: string) => Object.entries(states).filter(([, state]) => state.Type === type);
    const tasks = ofType('Task');
    const last = tasks.at(-1)?.[0] ?? '';

    test('definition: valid Amazon States Language', () => {
      const { isValid, errorsText } = aslValidator(structuredClone(definition), {
        checkPaths: true,
        checkArn: true,
      });
      expect(errorsText('\n')).toBe('');
      expect(isValid).toBe(true);
    });

    test('every state: only fields that the local runner knows', () => {
      for (const [name, state] of Object.entries(states)) {
        const unknown = Object.keys(state).filter((field) => !supportedFields[state.Type]?.includes(field));
        expect({ name, unknown }).toEqual({ name, unknown: [] });
      }
    });

    test('the first task prepares and the last one concludes; each leaves its piece under its own name', () => {
      const names = tasks.map(([name]) => name);
      expect([names[0], names.at(-1)]).toEqual([
        expect.stringMatching(/^Prepare/),
        expect.stringMatching(/^Conclude/),
      ]);
      expect(names.sort()).toEqual(Object.keys(machine.steps).sort());
      for (const [name, { Resource, ResultPath }] of tasks) {
        expect(Resource).toMatch(new RegExp(`:function:${name}$`));
        expect(ResultPath).toBe(name === last ? undefined : `$.${name}`);
      }
    });

    describe.each(tasks)('%s', (name, task) => {
      test('has a time-out, retries what is transient by name, and never everything', () => {
        expect(task.TimeoutSeconds).toBeGreaterThan(0);
        const [lambda, own, timeouts, ...others] = (task.Retry ?? []).map(({ ErrorEquals }) => ErrorEquals);
        // Of these, the last two alone say that the function did not run.
        const notRun = ['Lambda.TooManyRequestsException', 'Lambda.ResourceNotReadyException'];
        expect(lambda).toEqual(
          name === callsOnce
            ? notRun
            : [
                'Lambda.ServiceException',
                'Lambda.AWSLambdaException',
                'Lambda.SdkClientException',
                ...notRun,
              ],
        );
        expect(own).toEqual(transientErrors);
        // A step that counts for minutes would only count again; a teardown does not give up on an unknown error either.
        const isCounting = sqlPhases.includes(name) || name === callsOnce;
        const isTeardown = ['TearDown', 'CheckTeardown'].includes(name);
        expect(timeouts).toEqual(
          isCounting ? undefined : [...timeoutErrors, ...(isTeardown ? ['AwsFailure'] : [])],
        );
        expect(others).toEqual([]);
        for (const retrier of task.Retry ?? []) {
          expect(retrier).toMatchObject({ BackoffRate: 2, JitterStrategy: 'FULL' });
          expect(retrier.MaxAttempts).toBeGreaterThanOrEqual(6);
        }
      });

      test('has its failure recorded under its own name and led on', () => {
        // The last one has nowhere to go: its failure is the execution's.
        if (name === last) return expect(task.Catch).toBeUndefined();
        expect(task.Catch?.map(({ ErrorEquals }) => ErrorEquals)).toEqual([
          ['States.DataLimitExceeded'],
          ['States.ALL'],
        ]);
        for (const { ResultPath } of task.Catch ?? []) expect(ResultPath).toBe(`$.failures.${name}`);
        return undefined;
      });
    });

    test('choices after a check: ready, pending and failed, and anything else fails', () => {
      const loops = ofType('Choice').filter(([, { Choices }]) => Choices?.[0]?.Variable.endsWith('.status'));
      expect(loops.length).toBeGreaterThan(0);
      for (const [, { Choices, Default }] of loops) {
        expect(Choices?.map(({ StringEquals }) => StringEquals)).toEqual(['ready', 'pending', 'failed']);
        expect(Default).toBe(Choices?.[2]?.Next);
        const wait = states[Choices?.[1]?.Next ?? ''];
        expect(wait?.Type).toBe('Wait');
        expect(wait?.SecondsPath).toBe(`$.${wait?.Next}.waitSeconds`);
      }
    });

    if (isKept) {
      test('no way, from any state, leads to one that tears down: what was made stays', () => {
        const names = Object.keys(states);
        expect(names).toContain(makes);
        expect(names.filter((name) => /TearDown|Teardown|(?<!Safety)Snapshot/.test(name))).toEqual([]);
        // Told, whatever happened: only the last task leads to an end.
        const ends = [...ofType('Succeed'), ...ofType('Fail')].map(([name]) => name);
        const around = [...reachable(states, definition.StartAt, [last])];
        expect(around.filter((name) => ends.includes(name))).toEqual([]);
      });
    } else {
      test('after the first create: no way to an end that goes around TearDown and the conclusion', () => {
        const ends = [...ofType('Succeed'), ...ofType('Fail')].map(([name]) => name);
        expect(ends).toHaveLength(2);
        const creating = ['TakeSnapshot', 'RestoreCluster'].filter((name) => Object.hasOwn(states, name));
        expect(creating).toContain('RestoreCluster');
        for (const first of creating) {
          expect(reachable(states, first, ['TearDown'])).not.toContain(last);
          const around = [...reachable(states, first, [last])];
          expect(around.filter((name) => ends.includes(name))).toEqual([]);
        }
      });
    }

    test('every state can be reached', () => {
      expect([...reachable(states, definition.StartAt, [])].sort()).toEqual(Object.keys(states).sort());
    });
  },
);
