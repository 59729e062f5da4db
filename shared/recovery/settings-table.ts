/** One setting of the source beside that of the recovered cluster, as people read them. Null: not known. */
export type SettingRow = {
  setting: string;
  source: string | null;
  recovered: string | null;
  /**
   * `same`: both have it. `passed`: asked for at the creation, and not seen yet. `to do`: the recovered cluster lacks it, and
   * `command` sets it. `not known`: nobody can tell what the source had; `command` sets it by hand.
   */
  outcome: 'same' | 'passed' | 'to do' | 'not known';
  command: string | null;
};
