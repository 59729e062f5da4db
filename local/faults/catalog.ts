import type mysql from 'mysql2/promise';
import type pg from 'pg';
import type { EngineName } from '../servers/engine-name.ts';
import * as mysqlDamage from './mysql.ts';
import { corruptInnodbPage, corruptPostgresPage } from './pages.ts';
import {
  addInstanceByHand,
  blockTeardown,
  exhaustQuota,
  loseSource,
  type Ports,
  slowTeardown,
  throttleTwice,
} from './ports.ts';
import * as postgresDamage from './postgres.ts';

/** An act for each engine. An engine that is left out cannot have this fault. */
type ByEngine<Act> = Partial<Record<EngineName, Act>>;

/** One way for a drill to go wrong. It happens around the drill: the state machine and its functions know nothing of it. */
export type Fault = {
  name: string;
  description: string;
  /** The log archive is empty, so recovery never reaches its target. */
  hasEmptyArchive?: true;
  /** The restore never ends. */
  isStuck?: true;
  /** The restored writer's last status, instead of available. */
  writerStatus?: string;
  /** Recovery ends this many seconds before the time asked for, or at the earliest restorable second. */
  restoreEarlierSeconds?: number;
  /** Changes the copy's files after its recovery, while no server runs on them. */
  damageFiles?: ByEngine<(dataFolder: string) => Promise<void>>;
  /** Changes the copy as its owner, as soon as its writer runs. */
  damage?: {
    postgres?: (client: pg.Client) => Promise<void>;
    mysql?: (connection: mysql.Connection) => Promise<void>;
  };
  /** Changes what AWS answers the drill. A later sweep gets true answers again. */
  breakPorts?: (ports: Ports) => Ports;
  /** The drill's process is killed after some state. */
  isCrash?: true;
  /** Leaves something behind, for a sweep to remove. */
  isSwept?: true;
  /** Shorten the plan's time-out and the teardown's, so that nobody waits an hour for a deadline. */
  timeoutMinutes?: number;
  teardownMinutes?: number;
};

export const faults: readonly Fault[] = [
  {
    name: 'lost-rows',
    description: 'the restored copy lacks rows of its largest table; the row count catches it',
    damage: { postgres: postgresDamage.loseRows, mysql: mysqlDamage.loseRows },
  },
  {
    name: 'changed-values',
    description: 'one column of 10 rows holds another value; the checksum catches it',
    damage: { postgres: postgresDamage.changeValues, mysql: mysqlDamage.changeValues },
  },
  {
    name: 'swapped-rows',
    description: "two rows have each other's value in one column; the checksum catches it",
    damage: { postgres: postgresDamage.swapRows, mysql: mysqlDamage.swapRows },
  },
  {
    name: 'lost-table',
    description: 'the largest table is not there; the schema check catches it',
    damage: { postgres: postgresDamage.loseTable, mysql: mysqlDamage.loseTable },
  },
  {
    name: 'lost-index',
    description: 'an index is not there; the schema check catches it',
    damage: { postgres: postgresDamage.loseIndex, mysql: mysqlDamage.loseIndex },
  },
  {
    name: 'stale-restore',
    description:
      'the copy was restored 10 minutes too early, or as early as the backups reach; its measured time catches it',
    restoreEarlierSeconds: 600,
  },
  {
    name: 'sequence-behind',
    description:
      'a sequence would give values that its column has already; the sequence check catches it (postgres only)',
    damage: { postgres: postgresDamage.setSequenceBack },
  },
  {
    name: 'corrupt-page',
    description: 'bytes are flipped in the data file of the largest table; whatever reads it catches it',
    damageFiles: { postgres: corruptPostgresPage, mysql: corruptInnodbPage },
  },
  {
    name: 'restore-failed',
    description: 'the log archive is empty, so the cluster ends as incompatible-restore',
    hasEmptyArchive: true,
  },
  {
    name: 'restore-stuck',
    description: 'the restore never ends; the deadline fires after 15 seconds',
    isStuck: true,
    timeoutMinutes: 0.25,
  },
  {
    name: 'writer-failed',
    description: 'the writer ends as insufficient-capacity; its cluster is removed',
    writerStatus: 'insufficient-capacity',
  },
  {
    name: 'throttled',
    description: 'AWS throttles every call twice before it answers; the drill passes all the same',
    breakPorts: throttleTwice,
  },
  {
    name: 'source-gone',
    description: 'somebody deletes the source while the drill waits for its restore point',
    breakPorts: loseSource,
  },
  {
    name: 'quota',
    description: 'the account may have no more clusters: DBClusterQuotaExceededFault',
    breakPorts: exhaustQuota,
  },
  {
    name: 'teardown-slow',
    description:
      'RDS refuses to delete the cluster for a while; the teardown outlasts it, and the drill passes',
    breakPorts: slowTeardown,
  },
  {
    name: 'teardown-blocked',
    description:
      'RDS never lets the cluster go: the drill fails and says what is left; a sweep removes it later',
    breakPorts: blockTeardown,
    isSwept: true,
    teardownMinutes: 0.05,
  },
  {
    name: 'extra-instance',
    description: "somebody adds an instance to the drill's cluster; it is removed with the others",
    breakPorts: addInstanceByHand,
  },
  {
    name: 'crash',
    description:
      'the process of the drill is killed after a state chosen at random; a sweep removes what it left',
    isCrash: true,
    isSwept: true,
  },
];

/** Can this engine have the fault? */
export const appliesTo = ({ damage, damageFiles }: Fault, engine: EngineName): boolean =>
  [damage, damageFiles].every((act) => act === undefined || act[engine] !== undefined);
