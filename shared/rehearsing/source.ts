import { countClones, mostClones } from '../aurora/clones.ts';
import type { Aurora, Cluster, Instance } from '../aurora/port.ts';
import { DrillError } from '../errors.ts';
import type { RestoreSettings } from '../job/state.ts';

/**
 * Can a quick clone be made of it?
 * @throws DrillError SourceNotRestorable without an instance, TooManyClones when the next one would be a full copy
 */
export const assertCloneable = async (
  aurora: Pick<Aurora, 'listClusters'>,
  source: Cluster,
  instances: readonly Instance[],
): Promise<void> => {
  const { identifier } = source;
  if (instances.length === 0) {
    throw new DrillError(
      'SourceNotRestorable',
      `source ${identifier} has no instance, so it cannot be cloned`,
      {
        hint: 'add an instance to the source, then start the rehearsal again',
      },
    );
  }
  const clones = await countClones(aurora, source);
  if (clones < mostClones) return;
  throw new DrillError(
    'TooManyClones',
    `source ${identifier} shares its storage with ${clones} clusters, at most ${mostClones - 1} are expected: the next clone would be a full copy`,
  );
};

/** Where the clone's writer is unlike production's, in sentences. */
export const listDifferences = (
  source: Cluster,
  instances: readonly Instance[],
  restore: RestoreSettings,
): string[] => {
  const writer = instances.find(({ identifier }) => identifier === source.writer) ?? instances[0];
  const compare = (what: string, ofClone: string | null, ofProduction: string | null | undefined) =>
    ofClone === (ofProduction ?? null)
      ? []
      : [
          `The clone's ${what} is ${ofClone ?? 'the default'}, production's is ${ofProduction ?? 'the default'}.`,
        ];
  return [
    ...compare('instance class', restore.instanceClass, writer?.instanceClass),
    ...(restore.instanceClass === 'db.serverless'
      ? compare('capacity', describeCapacity(restore.capacity), describeCapacity(source.capacity))
      : []),
    ...compare('cluster parameter group', restore.clusterParameterGroup, source.parameterGroup),
    ...compare('instance parameter group', restore.instanceParameterGroup, writer?.parameterGroup),
  ];
};

const describeCapacity = (capacity: Cluster['capacity']): string | null =>
  capacity && `${capacity.min} to ${capacity.max} ACUs`;
