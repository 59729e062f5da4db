import type { StateMachineDefinition } from 'aws-local-stepfunctions';

/** A way from one state to another: on which answers of a choice it is taken, and whether an error takes it too. */
export type Transition = {
  from: string;
  to: string;
  conditions: string[];
  isNormal: boolean;
  isCaught: boolean;
};

/** A state, in as far as a picture shows it. */
export type State = {
  Type: 'Task' | 'Choice' | 'Wait' | 'Pass' | 'Succeed' | 'Fail';
  Next?: string;
  Catch?: { Next: string }[];
  Choices?: ({ Next: string } & Record<string, unknown>)[];
  Default?: string;
};

export const listStates = (definition: StateMachineDefinition): [name: string, state: State][] =>
  Object.entries(definition.States as unknown as Record<string, State>);

/** Every pair of states with a way between them, once, in the order of the definition. */
export const listTransitions = (definition: StateMachineDefinition): Transition[] =>
  listStates(definition).flatMap(([from, state]) => {
    const normal = [
      ...(state.Next === undefined ? [] : [{ to: state.Next, condition: null }]),
      ...(state.Choices ?? []).map((choice) => ({ to: choice.Next, condition: readCondition(choice) })),
      ...(state.Default === undefined ? [] : [{ to: state.Default, condition: 'else' }]),
    ];
    const caught = (state.Catch ?? []).map(({ Next }) => Next);
    const targets = [...new Set([...normal.map(({ to }) => to), ...caught])];
    return targets.map((to) => {
      const ways = normal.filter((way) => way.to === to);
      const conditions = ways.map(({ condition }) => condition).filter((condition) => condition !== null);
      return { from, to, conditions, isNormal: ways.length > 0, isCaught: caught.includes(to) };
    });
  });

/**
 * What a choice compares with, "ready", or what has to be true, "dryRun". Null where it only asks for older executions
 * whether something is there.
 */
const readCondition = (choice: Record<string, unknown>): string | null => {
  const [key, value] = Object.entries(choice).find(([name]) => name !== 'Variable' && name !== 'Next') ?? [];
  if (key === 'IsPresent') return null;
  return value === true ? (String(choice.Variable).split('.').at(-1) ?? null) : String(value);
};

/**
 * The longest way from the start to a good end, on which nothing goes wrong and no state is passed twice. Where a choice
 * has a way for anything else alone, that is the usual one.
 */
export const findHappyPath = (definition: StateMachineDefinition): string[] => {
  const types = new Map(listStates(definition).map(([name, { Type }]) => [name, Type]));
  const normal = listTransitions(definition).filter(({ isNormal }) => isNormal);
  const walk = (path: string[]): string[] => {
    const last = path.at(-1) ?? '';
    if (types.get(last) === 'Succeed') return path;
    const ways = normal.filter(({ from, to }) => from === last && !path.includes(to));
    const usual = ways.filter(({ conditions }) => conditions.join() === 'else');
    return (
      [usual, ways].map((some) => findLongest(some.map(({ to }) => walk([...path, to])))).find(isWay) ?? []
    );
  };
  return walk([definition.StartAt]);
};

const isWay = (way: string[]): boolean => way.length > 0;

const findLongest = (ways: string[][]): string[] =>
  ways.reduce((longest, way) => (way.length > longest.length ? way : longest), []);
