import type { Capacity } from '../aurora/port.ts';
import { type DrillState, type Phase, phases } from '../drill/state.ts';
import { secondsBetween } from '../instants.ts';
import { isAnswerLost } from '../teardown/decision.ts';
import { findGoneAt } from '../teardown/gone.ts';

/** What a drill used of AWS, as far as its state data tells. */
export type Use = {
  /** The restored writer, from the request for it until it was seen gone. Null when none was made. */
  instance: { class: string; capacity: Capacity | null; minutes: number } | null;
  /** How long the restored cluster had storage. */
  storageMinutes: number;
  /** What of it was or may be standing although nobody knows since when: the answer to the request was lost. */
  undated: string[];
  /** Something of it was not seen to go, and goes on costing. */
  isStanding: boolean;
  /** States entered, from the first to the last; retries come on top. */
  stateTransitions: number;
  /** Of runs that ended well, without those of the last step, which cannot count itself. */
  functionSeconds: number;
  functionGiBSeconds: number;
};

/** The functions that talk SQL have twice the memory (serverless.yml). */
export const functionMiB = (phase: Phase): number =>
  phase === 'CaptureBaseline' || phase === 'VerifyRestore' ? 512 : 256;

/** Each is followed by a Choice, and by a Wait before it comes again. */
const loops: readonly Phase[] = ['CheckRestorePoint', 'CheckCluster', 'CheckWriter', 'CheckTeardown'];

/** @param endedAt ISO 8601: until then counts what nobody has seen go */
export const measureUse = (state: DrillState, endedAt: string): Use => {
  const { PrepareDrill: drill, RestoreCluster: restore, AddWriter: writer } = state;
  const minutesOf = (name: string, from: string): number =>
    Number((secondsBetween(from, findGoneAt(state, name) ?? endedAt) / 60).toFixed(2));
  const settings = drill?.restore;
  const undated = listUndated(state);
  return {
    instance:
      writer === undefined || settings === undefined
        ? null
        : {
            class: settings.instanceClass,
            capacity: settings.instanceClass === 'db.serverless' ? settings.capacity : null,
            minutes: minutesOf(writer.instance, writer.startedAt),
          },
    storageMinutes: restore === undefined ? 0 : minutesOf(restore.cluster, restore.requestedAt),
    undated,
    isStanding: [...undated, restore?.cluster, writer?.instance].some(
      (name) => name !== undefined && findGoneAt(state, name) === null,
    ),
    stateTransitions: countTransitions(state),
    ...sumFunctions(state),
  };
};

/** Found by the teardown without a record of its making, or asked for without an answer and never seen gone. */
const listUndated = (state: DrillState): string[] => {
  const { PrepareDrill: drill, failures } = state;
  const { resources = [] } = state.CheckTeardown ?? state.TearDown ?? {};
  const mayBe = (phase: 'RestoreCluster' | 'AddWriter', name: string): boolean => {
    if (state[phase] !== undefined) return false;
    const error = failures?.[phase]?.Error;
    const isOpen = error !== undefined && isAnswerLost(error) && findGoneAt(state, name) === null;
    return resources.includes(name) || isOpen;
  };
  if (drill === undefined) return [];
  const { cluster, writer } = drill.target;
  return [
    ...(mayBe('RestoreCluster', cluster) ? [cluster] : []),
    ...(mayBe('AddWriter', writer) ? [writer] : []),
  ];
};

/** BeginDrill before the phases; behind them ConcludeDrill, a Choice and one of the two ends. */
const countTransitions = (state: DrillState): number =>
  phases.reduce((sum, phase) => sum + countEntered(state, phase), 4);

/** A phase with the choices and waits around it. What failed with an error was entered once more than it ran. */
const countEntered = (state: DrillState, phase: Phase): number => {
  const ran = state[phase]?.passes ?? 0;
  const entered = ran + (state.failures?.[phase] === undefined ? 0 : 1);
  if (entered === 0) return 0;
  if (loops.includes(phase)) return entered + ran + (entered - 1);
  return phase === 'CaptureBaseline' ? entered + ran : entered;
};

const sumFunctions = (state: DrillState): Pick<Use, 'functionSeconds' | 'functionGiBSeconds'> => {
  const runs = phases.map((phase) => ({
    seconds: state[phase]?.functionSeconds ?? 0,
    gib: functionMiB(phase) / 1024,
  }));
  const sum = (values: number[]) => Number(values.reduce((total, value) => total + value, 0).toFixed(3));
  return {
    functionSeconds: sum(runs.map(({ seconds }) => seconds)),
    functionGiBSeconds: sum(runs.map(({ seconds, gib }) => seconds * gib)),
  };
};
