import type { Instance } from '../aurora/port.ts';
import type { WishedReaders } from './input.ts';
import { readerName } from './names.ts';

/** A reader to make. `like`: the reader of the source that it stands for; null if it stands for none. */
export type PlannedReader = {
  identifier: string;
  instanceClass: string;
  parameterGroup: string | null;
  promotionTier: number | null;
  like: string | null;
};

/** Application Auto Scaling makes and deletes readers of this name as it needs them (Aurora User Guide, "Auto Scaling"). */
const autoscaledPrefix = 'application-autoscaling-';

/**
 * Plans the readers of a recovered cluster. `same`: those that the source has, the autoscaled left out. A number: the
 * source's in order of promotion, and more like the writer where it has fewer.
 * @param fallback of readers that stand for none
 * @param instanceClass of every reader, where the plan says so
 */
export const planReaders = (
  source: { writer: string | null; instances: readonly Instance[] },
  wish: WishedReaders,
  cluster: string,
  fallback: Pick<PlannedReader, 'instanceClass' | 'parameterGroup'>,
  instanceClass?: string,
): PlannedReader[] => {
  const readers = source.instances
    .filter(({ identifier }) => identifier !== source.writer && !identifier.startsWith(autoscaledPrefix))
    .toSorted((one, other) => tierOf(one) - tierOf(other) || one.identifier.localeCompare(other.identifier));
  const count = wish === 'same' ? readers.length : wish;
  return Array.from({ length: count }, (_, index) => {
    const like = readers[index];
    return {
      identifier: readerName(cluster, index + 1),
      instanceClass: instanceClass ?? like?.instanceClass ?? fallback.instanceClass,
      parameterGroup: like === undefined ? fallback.parameterGroup : like.parameterGroup,
      promotionTier: like?.settings?.promotionTier ?? null,
      like: like?.identifier ?? null,
    };
  });
};

/** RDS's default. */
const defaultTier = 1;

const tierOf = ({ settings }: Instance): number => settings?.promotionTier ?? defaultTier;
