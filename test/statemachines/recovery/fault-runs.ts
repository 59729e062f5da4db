import { DrillError } from '../../../shared/errors.ts';
import type { RecoveryDocument } from '../../../shared/recovery/document.ts';
import { errorsOf, type Injection, platformErrors, translate } from '../injected-faults.ts';
import { interceptVerbs } from '../model-world.ts';
import { makeRecoveryModel, type RecoveryModel, recoveredOf, recoverOnce } from './world.ts';

/** `fault`: the error in the words of the port, or of the platform. */
export type Fault = Injection & { fault: Error };

export type Ended = {
  /** Null where the execution ended without one. */
  result: RecoveryDocument | null;
  hasSucceeded: boolean;
  /** The identifiers of what stands, the cluster first. */
  standing: string[];
  /** Every change of AWS, as "verb name". */
  changes: string[];
  /** The kind of the last message; undefined if nobody was told. */
  told: string | undefined;
  /** How many clusters there are, production included. */
  clusters: number;
  /** Every call to the outside in order, as "phase verb". */
  calls: string[];
};

/** Runs a recovery with an error injected. */
export const recoverWith = async (injection: Fault | null): Promise<Ended> => {
  const model = makeRecoveryModel();
  const input = {
    // The backups have yet to reach it, so that every state is entered.
    restoreTo: new Date(Math.floor(model.now().getTime() / 1000 - 60) * 1000)
      .toISOString()
      .replace('.000Z', 'Z'),
    readers: 1,
  };
  const calls: string[] = [];
  let phase = '';
  let isInjected = false;
  const inject = async <Answer>(verb: string | null, ask: () => Promise<Answer>): Promise<Answer> => {
    const isDue = injection?.state === phase && injection.verb === verb;
    if (!isDue || (isInjected && injection.mode !== 'always')) return ask();
    isInjected = true;
    if (injection.mode === 'lost') await ask();
    throw injection.fault;
  };
  const ask = <Answer>(verb: string, act: () => Promise<Answer>): Promise<Answer> => {
    calls.push(`${phase} ${verb}`);
    return inject(verb, act);
  };
  const through =
    <Parameters extends unknown[], Answer>(verb: string, act: (...all: Parameters) => Promise<Answer>) =>
    (...all: Parameters): Promise<Answer> =>
      ask(verb, () => act(...all));
  const { world } = model;
  const wrapped: RecoveryModel['world'] = {
    ...world,
    aurora: interceptVerbs(world.aurora, (verb, _, act) => ask(verb, act)),
    database: { open: through('open', world.database.open) },
    notify: through('notify', world.notify),
    file: through('file', world.file),
    metrics: { ...world.metrics, publish: through('publish', world.metrics.publish) },
    reports: { read: through('read', world.reports.read) },
  };
  const name = ['local', injection?.state, injection?.verb, injection?.error, injection?.mode];
  const ended = await recoverOnce(
    { ...model, world: wrapped },
    name.filter((part) => part !== undefined && part !== null).join('-'),
    {
      input,
      aroundTask: (state, run) => {
        phase = state;
        return inject(null, run);
      },
    },
  ).catch(() => ({ result: null, hasSucceeded: false }));
  const { cluster } = recoveredOf(input.restoreTo);
  const found = [await model.aurora.findCluster(cluster), ...(await model.aurora.listInstances(cluster))];
  return {
    ...ended,
    standing: found.flatMap((one) => one?.identifier ?? []),
    changes: model.changes,
    told: model.messages.at(-1)?.kind,
    clusters: (await model.aurora.listClusters()).clusters.length,
    calls,
  };
};

const databaseErrors = ['DatabaseUnreachable', 'DatabaseBusy', 'DatabaseDenied', 'OutOfTime'] as const;

/** The verbs of the ports of a recovery that AWS knows by another name in the drill's faults. */
export const knownVerb = (verb: string): string =>
  ({ notify: 'publish', publish: 'putMetrics', file: 'write' })[verb] ?? verb;

/** What AWS, or the database, may answer to a call, in the words of its port. */
export const faultsOf = (verb: string): [error: string, fault: Error][] => {
  if (verb === 'open') return databaseErrors.map((name) => [name, new DrillError(name, `injected ${name}`)]);
  const known = knownVerb(verb);
  return (
    errorsOf(known)
      // To this question it is an answer: there is none.
      .filter((error) => !(verb === 'findCluster' && error === 'DBClusterNotFoundFault'))
      .map((error) => [error, translate(known, error)])
  );
};

/** What Lambda or Step Functions may say of a function as a whole. */
export const platformFaults = platformErrors.map(
  (name) => [name, Object.assign(new Error('said so'), { name })] as const,
);
