import type { RecoveryDocument } from '../recovery/document.ts';
import type { Metric } from './metrics.ts';

/** RecoverySeconds: from the restore request to the first answer of the writer, once for each recovery that came so far. */
export const metricsOfRecovery = ({ plan, usableAfterSeconds, endedAt: at }: RecoveryDocument): Metric[] =>
  plan === null || usableAfterSeconds === null
    ? []
    : [{ name: 'RecoverySeconds', cluster: null, plan, value: usableAfterSeconds, at }];
