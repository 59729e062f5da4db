import { setTimeout as sleep } from 'node:timers/promises';
import type { Aurora } from '../../shared/aurora/port.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Database } from '../../shared/database/port.ts';
import type { Origin } from '../../shared/messages/message.ts';
import type { Plan } from '../../shared/plan/plans.ts';
import type { Fault } from '../faults/catalog.ts';
import type { ClusterServers, LocalReader } from '../servers/cluster.ts';
import type { Keeper } from '../servers/keeper.ts';
import type { Engine, Source } from '../sources/source.ts';
import type { BacktrackSettings } from './backtracks.ts';
import { createLocalAurora } from './clusters.ts';
import { localDatabase, playBinlog } from './database.ts';

/** Messages of this machine name this instead of an account. */
export const localOrigin: Origin = { account: 'none', region: 'this machine', runbookUrl: 'docs/runbook.md' };

/** In milliseconds: the waits of an execution, the least time of a creation or deletion, and the time of each call. */
export type Pace = { waitMs: number; pendingMs: number; latencyMs: number };

/** Short, because a restore takes a second here; long enough to see every status. */
export const localPace: Pace = { waitMs: 200, pendingMs: 300, latencyMs: 20 };

/** Production and AWS on this machine: a source with its backups, and the two ports that a drill needs. */
export type LocalWorld<Here extends Source = Source> = {
  source: Here;
  aurora: Aurora;
  database: Database;
  /** The readers of a restored cluster that answer, on 127.0.0.1. */
  listReaders(cluster: string): LocalReader[];
};

export type LocalWorldOptions<Here extends Source = Source> = {
  keeper: Keeper;
  plan: Plan;
  engine: Engine<Here>;
  /** The only password: for the owner and the reader. */
  password: string;
  fault: Fault | null;
  /** The source has Backtrack. MySQL only. */
  backtrack?: BacktrackSettings | undefined;
  onEvent: (text: string) => void;
} & Pick<Pace, 'pendingMs' | 'latencyMs'>;

export const startLocalWorld = async <Here extends Source>(
  options: LocalWorldOptions<Here>,
): Promise<LocalWorld<Here>> => {
  const { keeper, plan, engine, password, fault, backtrack, pendingMs, latencyMs, onEvent } = options;
  const { name, user: readerUser } = plan.database;
  const source = await engine.startSource({ keeper, database: name, readerUser, password });
  const servers = new Map<string, ClusterServers>();
  const aurora = createLocalAurora({
    engine: engine.name,
    source,
    sourceIdentifier: plan.source,
    makeServers: (identifier) => {
      const made = source.makeServers(identifier, fault);
      servers.set(identifier, made);
      return made;
    },
    fault,
    pendingMs,
    onEvent,
    backtrack,
    now: systemClock,
  });
  const database = localDatabase(engine.name, password);
  return {
    source,
    aurora: withLatency(aurora, latencyMs),
    database: backtrack === undefined ? database : playBinlog(database, backtrack),
    listReaders: (cluster) => servers.get(cluster)?.listReaders() ?? [],
  };
};

/** Each call takes as long as one over a network. */
const withLatency = (aurora: Aurora, latencyMs: number): Aurora => {
  const delayed =
    <Parameters extends unknown[], Answer>(verb: (...parameters: Parameters) => Promise<Answer>) =>
    async (...parameters: Parameters): Promise<Answer> => {
      await sleep(latencyMs);
      return verb(...parameters);
    };
  return {
    findCluster: delayed(aurora.findCluster),
    listClusters: delayed(aurora.listClusters),
    findClusterOf: delayed(aurora.findClusterOf),
    listSnapshots: async function* (identifiers) {
      await sleep(latencyMs);
      yield* aurora.listSnapshots(identifiers);
    },
    findSnapshot: delayed(aurora.findSnapshot),
    listManualSnapshots: async function* () {
      await sleep(latencyMs);
      yield* aurora.listManualSnapshots();
    },
    listInstances: delayed(aurora.listInstances),
    listClusterParameters: delayed(aurora.listClusterParameters),
    listInstanceParameters: delayed(aurora.listInstanceParameters),
    readQuotas: delayed(aurora.readQuotas),
    listRetainedBackups: delayed(aurora.listRetainedBackups),
    listBacktracks: delayed(aurora.listBacktracks),
    listClusterEvents: delayed(aurora.listClusterEvents),
    listBlueGreens: delayed(aurora.listBlueGreens),
    backtrackCluster: delayed(aurora.backtrackCluster),
    takeSnapshot: delayed(aurora.takeSnapshot),
    restoreCluster: delayed(aurora.restoreCluster),
    addWriter: delayed(aurora.addWriter),
    startCluster: delayed(aurora.startCluster),
    liftProtection: delayed(aurora.liftProtection),
    setMasterPassword: delayed(aurora.setMasterPassword),
    deleteInstance: delayed(aurora.deleteInstance),
    deleteCluster: delayed(aurora.deleteCluster),
    deleteSnapshot: delayed(aurora.deleteSnapshot),
  };
};
