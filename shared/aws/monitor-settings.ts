import { type SnapshotKind, snapshotKinds } from '../aurora/snapshots.ts';
import { DrillError } from '../errors.ts';
import { parseScope, type Scope } from '../monitors/scope.ts';
import { readSetting } from './environment.ts';

/** The clusters that this stack watches. @throws DrillError SettingMissing or InvalidSetting */
export const readScope = (): Scope => parseScope(readSetting('MONITORED_CLUSTERS'));

/** The kinds of snapshots that count. @throws DrillError SettingMissing or InvalidSetting */
export const readCountedKinds = (): SnapshotKind[] => parseKinds(readSetting('COUNTED_SNAPSHOTS'));

/** Reads a list of kinds: "automated,aws-backup". @throws DrillError InvalidSetting */
export const parseKinds = (text: string): SnapshotKind[] => {
  const names = text.split(',').map((name) => name.trim());
  const kinds = snapshotKinds.filter((kind) => names.includes(kind));
  const unknown = names.filter((name) => !snapshotKinds.some((kind) => kind === name));
  if (unknown.length === 0) return kinds;
  throw new DrillError(
    'InvalidSetting',
    `COUNTED_SNAPSHOTS: expected a list of ${snapshotKinds.join(', ')}, seen "${text}"`,
  );
};
