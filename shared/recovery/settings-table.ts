import { carriedSettings } from './carried-settings.ts';
import type { CarriedSetting, Described } from './setting.ts';

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

/** @param recovered null as long as RDS does not describe it @param target its identifier */
export const compareSettings = (
  source: Described,
  recovered: Described | null,
  target: string,
): SettingRow[] =>
  [...Object.values(carriedSettings.cluster), ...Object.values(carriedSettings.writer)].map((setting) => {
    const row = {
      setting: setting.label,
      source: setting.show(source),
      recovered: recovered && setting.show(recovered),
    };
    const outcome = judge(setting, row, source, recovered);
    const isDone = outcome === 'same' || outcome === 'passed';
    return { ...row, outcome, command: isDone ? null : setting.command(source, target) };
  });

const judge = (
  { isPassed, isKept }: CarriedSetting,
  row: Pick<SettingRow, 'source' | 'recovered'>,
  source: Described,
  recovered: Described | null,
): SettingRow['outcome'] => {
  if (row.source === null) return 'not known';
  if (recovered === null || row.recovered === null) return isPassed ? 'passed' : 'to do';
  return (isKept?.(source, recovered) ?? row.source === row.recovered) ? 'same' : 'to do';
};
