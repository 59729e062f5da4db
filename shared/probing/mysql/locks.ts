import type { Conflicts, LockNow } from '../port.ts';
import type { OpenProbe } from './probes.ts';

/** Metadata locks as MySQL calls them (manual, "The metadata_locks Table"). */
export const conflicts: Conflicts = {
  read: ['EXCLUSIVE'],
  write: ['EXCLUSIVE', 'SHARED_NO_WRITE'],
  // Whoever changes rows has this one.
  row: ['SHARED_WRITE'],
};

export type Process = { id: string; state: string | null };

/** A user always sees its own sessions here. MySQL 8 names the columns in capitals unless told otherwise. */
export const processesSql = 'select id as id, state as state from information_schema.processlist';

/** "Waiting for table metadata lock", "Waiting for table level lock" */
const isWaiting = ({ state }: Process): boolean => /^waiting for .*lock/i.test(state ?? '');

/** Tables of the statement that runs, and those of whose rows its transaction changes some. */
export type Touched = { tables: readonly string[]; rowsOf: ReadonlySet<string> };

/**
 * The locks of the change, told by who has to wait for them. The server's own list is often not kept, and in MariaDB it is wrong:
 * `performance_schema.metadata_locks` shows SHARED_UPGRADABLE while an ALTER TABLE keeps all writes out.
 * @param probes open ones, by their sessions
 */
export const toLocks = (
  processes: readonly Process[],
  changeId: string,
  probes: ReadonlyMap<string, OpenProbe>,
  touched: Touched,
): LockNow[] => {
  const waiting = new Set(processes.filter(isWaiting).map(({ id }) => id));
  const stuck = [...probes].filter(([id]) => waiting.has(id)).map(([, probe]) => probe);
  if (waiting.has(changeId)) {
    const table = stuck[0]?.table ?? touched.tables[0] ?? null;
    return [{ relation: table, table, mode: 'EXCLUSIVE', isGranted: false }];
  }
  const tables = new Set([...stuck.map(({ table }) => table), ...touched.rowsOf]);
  return [...tables].map((table) => ({
    relation: table,
    table,
    mode: modeBehind(stuck.filter((probe) => probe.table === table)),
    isGranted: true,
  }));
};

const modeBehind = (stuck: readonly OpenProbe[]): string => {
  if (stuck.some(({ kind }) => kind === 'read')) return 'EXCLUSIVE';
  return stuck.length > 0 ? 'SHARED_NO_WRITE' : 'SHARED_WRITE';
};
