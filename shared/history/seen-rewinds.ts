import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { SeenRewind } from '../aurora/backtracks.ts';

const instant = z.iso.datetime();

// Known by its cluster and identifier. Who asked for it cannot be known.
// Loose: keys that a later version added must survive when this one writes the index.
export const seenRewind = z.looseObject({
  cluster: z.string(),
  identifier: z.string(),
  to: instant,
  from: instant.nullable(),
  requestedAt: instant,
  status: z.string(),
}) satisfies z.ZodType<SeenRewind>;

/** All rewinds with these among them, the newest first. The very same list where nothing is new. */
export const addSeenRewinds = (
  before: readonly SeenRewind[],
  seen: readonly SeenRewind[],
): readonly SeenRewind[] => {
  const keyOf = ({ cluster, identifier }: SeenRewind): string => `${cluster}/${identifier}`;
  const all = new Map(before.map((one) => [keyOf(one), one]));
  for (const one of seen) all.set(keyOf(one), { ...all.get(keyOf(one)), ...one });
  const after = [...all.values()].toSorted(
    (one, other) =>
      Date.parse(other.requestedAt) - Date.parse(one.requestedAt) || (keyOf(one) < keyOf(other) ? -1 : 1),
  );
  return isDeepStrictEqual(after, before) ? before : after;
};
