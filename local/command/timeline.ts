import { toIso } from '../../shared/instants.ts';

/** A clock that can skip hours. */
export type Timeline = {
  now(): Date;
  pass(hours: number): void;
  /** Converts a real time to one on the timeline (ISO 8601). */
  when(really: string): string;
};

export const createTimeline = (): Timeline => {
  const leaps = [{ at: Number.NEGATIVE_INFINITY, offsetMs: 0 }];
  const offsetAt = (ms: number): number => leaps.findLast(({ at }) => at <= ms)?.offsetMs ?? 0;
  return {
    now: () => new Date(Date.now() + offsetAt(Date.now())),
    pass: (hours) => {
      const at = Date.now();
      leaps.push({ at, offsetMs: offsetAt(at) + hours * 3_600_000 });
    },
    when: (really) => toIso(new Date(Date.parse(really) + offsetAt(Date.parse(really)))),
  };
};
