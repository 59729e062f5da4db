import { setTimeout as sleep } from 'node:timers/promises';
import prices from '../../config/prices.json' with { type: 'json' };
import { sweepLeftovers } from '../../functions/monitors/sweep-leftovers.ts';
import type { Aurora } from '../../shared/aurora/port.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { parsePrices } from '../../shared/result/prices.ts';
import { stateMachineArn } from '../machine/execution.ts';

export type SweepOptions = {
  aurora: Aurora;
  notify: Notify;
  readPlans: () => Promise<string>;
  /** Pause between sweeps. */
  waitMs: number;
  onNote: (text: string) => void;
};

/**
 * Sweeps again and again, as the schedule does, until nothing of drills is left on this machine. No drill may be running.
 * @returns the clusters and snapshots that were removed
 */
export const sweepUntilGone = async (options: SweepOptions): Promise<string[]> => {
  const { aurora, notify, readPlans, waitMs, onNote } = options;
  const removed = new Set<string>();
  for (;;) {
    const { left, removing } = await sweepLeftovers(
      { source: 'aws.scheduler', 'detail-type': 'Scheduled Event' },
      {
        aurora,
        executions: { findStatus: async () => 'ended' },
        metrics: { publish: async () => {} },
        notify,
        reports: { read: async () => null },
        placeOf: (key) => key,
        readPlans,
        stateMachineArns: () => [stateMachineArn],
        recoverMachineArn: () => `${stateMachineArn}-recover`,
        rewindMachineArn: () => `${stateMachineArn}-rewind`,
        prices: () => parsePrices(prices),
        now: systemClock,
      },
    );
    if (left === 0) return [...removed];
    for (const { cluster, snapshot = '', reason } of removing) {
      const name = cluster ?? snapshot;
      if (!removed.has(name)) onNote(`${name}: ${reason}`);
      removed.add(name);
    }
    await sleep(waitMs);
  }
};
