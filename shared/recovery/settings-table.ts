import { carriedByClusters, carriedByInstances, type Gets } from '../aurora/carried.ts';
import type { Instance } from '../aurora/port.ts';
import { instanceSettings } from './instance-settings.ts';
import { type Described, showOn } from './setting.ts';
import { modifyInstance } from './setting-commands.ts';
import { shownSettings } from './shown-settings.ts';

/** One setting of the source beside that of the recovered cluster, as people read them. Null: not known. */
export type SettingRow = {
  setting: string;
  source: string | null;
  recovered: string | null;
  /**
   * `same`: the recovered cluster has it. `passed`: asked for when it was made, and not seen yet. `to do`: it lacks it, and
   * `command` sets it. `not known`: nobody can tell here what the source has or had, and `command` looks it up or sets it.
   */
  outcome: 'same' | 'passed' | 'to do' | 'not known';
  /** Lines for a shell; null where nothing is to be done. */
  command: string | null;
};

/** A reader of the source, and the one that was made like it. */
export type ReaderPair = { source: Instance; recovered: Instance };

/**
 * All settings of the cluster and its writer, and what a reader that is there lacks.
 * @param recovered null as long as RDS does not describe it @param target its identifier
 */
export const compareSettings = (
  source: Described,
  recovered: Described | null,
  target: string,
  readers: readonly ReaderPair[] = [],
): SettingRow[] => [
  ...compareCluster(source, recovered, target),
  ...compareInstances('writer', source.writer, recovered?.writer, `${target}-writer`),
  ...readers.flatMap(listLacking),
];

const listLacking = ({ source, recovered }: ReaderPair): SettingRow[] =>
  compareInstances(`reader ${source.identifier}`, source, recovered, recovered.identifier).filter(
    ({ outcome }) => outcome === 'to do',
  );

const compareCluster = (source: Described, recovered: Described | null, target: string): SettingRow[] =>
  namesOf(shownSettings).map((name) => {
    const { label, show, isKept, command } = shownSettings[name];
    return judge({
      setting: label,
      source: show(source),
      recovered: recovered && show(recovered),
      gets: carriedByClusters[name].kept,
      ...(isKept && recovered && { isKept: isKept(source, recovered) }),
      command: command(source, target),
    });
  });

/** @param role "writer", or which reader @param target what the recovered instance is called, or will be */
const compareInstances = (
  role: string,
  source: Instance | undefined,
  recovered: Instance | undefined,
  target: string,
): SettingRow[] =>
  namesOf(instanceSettings).map((name) => {
    const { label, show, options } = instanceSettings[name];
    return judge({
      setting: `${role}: ${label}`,
      source: source === undefined ? null : show(source),
      recovered: recovered === undefined ? null : show(recovered),
      gets: carriedByInstances[name].kept,
      command: modifyInstance(target, ...options(source)),
    });
  });

/** Of a list whose names the compiler knows. */
const namesOf = <Name extends string>(list: Record<Name, unknown>): Name[] => Object.keys(list) as Name[];

/** `isKept`: where equal texts do not tell, once both are seen. */
type Seen = Omit<SettingRow, 'outcome'> & { gets: Gets; isKept?: boolean };

const judge = ({ gets, isKept, command, ...row }: Seen): SettingRow => {
  const outcome = judgeOutcome(row, gets, isKept);
  const isDone = outcome === 'same' || outcome === 'passed';
  return { ...row, outcome, command: isDone ? null : command };
};

const judgeOutcome = (
  { source, recovered }: Pick<SettingRow, 'source' | 'recovered'>,
  gets: Gets,
  isKept = source === recovered,
): SettingRow['outcome'] => {
  if (source === null) return 'not known';
  if (recovered === null) return isAskedFor(gets, source) ? 'passed' : 'to do';
  return isKept ? 'same' : 'to do';
};

/** To protect a cluster is never too much. */
const isAskedFor = (gets: Gets, source: string): boolean =>
  gets === 'carried' || ('is' in gets && (gets.is === true || showOn(false) === source));
