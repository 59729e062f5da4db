import type { Way } from './way-back.ts';

/** What stands of a recovery that told nobody. `restoreTo`: its time, ISO 8601; null if its tags do not say. */
export type Standing = {
  cluster: string;
  instances: string[];
  restoreTo: string | null;
  costAnHour: Way['costAnHour'];
};
