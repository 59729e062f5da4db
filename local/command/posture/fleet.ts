import { addSeconds } from '../../../shared/instants.ts';
import type { PlanProof } from '../../../shared/posture/facts.ts';
import type { ModelFleet } from '../../aurora/model-fleet.ts';
import {
  alsoByAwsBackup,
  backedUpBefore,
  change,
  copiedAbroad,
  inGlobalDatabase,
  neglected,
  oneInstance,
  serverless,
  sharedWithAll,
  unencrypted,
  writingBinlog,
} from './flaws.ts';
import { daySeconds, wellSet } from './well-set.ts';

/** The story of the model fleet: what is wrong with whom, and what somebody changes on which day. Instants are ISO 8601. */

export const storyDays = [
  'the first look ever',
  'a day on which nothing changed',
  'analytics was mended, and somebody switched off the deletion protection of orders',
] as const;

/** @param day from 0 on */
export const describeFleet = (day: number, now: string): ModelFleet => {
  const well = (name: string) => wellSet(name, 'postgres', now);
  const mysql = (name: string) => wellSet(name, 'mysql', now);
  const isLast = day === storyDays.length - 1;
  const shortWindow = { targetSeconds: daySeconds, earliestTime: addSeconds(now, -daySeconds / 4) };
  return {
    members: [
      change(copiedAbroad(well('orders')), { isProtected: !isLast }),
      copiedAbroad(well('users')),
      copiedAbroad(well('invoices'), { daysLate: 2 }),
      change(copiedAbroad(well('ledger'), { status: 'copying' }), { tags: {} }),
      alsoByAwsBackup(well('support'), 5),
      serverless(well('events')),
      inGlobalDatabase(well('catalog')),
      neglected(well('intranet')),
      oneInstance(well('search')),
      change(well('wiki'), { isProtected: false }),
      { ...well('payments'), parameters: null },
      change(well('billing'), {}, { retentionDays: 1, backupWindow: '03:10-03:40', logExports: [] }),
      unencrypted(well('crm')),
      isLast ? well('analytics') : sharedWithAll(well('analytics')),
      change(backedUpBefore(well('archive'), 9), { latestRestorableTime: addSeconds(now, -daySeconds / 8) }),
      change(mysql('shop'), { backtrack: null }),
      change(mysql('loyalty'), { backtrack: shortWindow }),
      writingBinlog(mysql('newsletter')),
    ],
    unreadable: [{ cluster: 'legacy', reason: 'its description has no Engine' }],
  };
};

/** What the drills of these plans have proven: those of support have not passed for weeks, and each of the others two days ago. */
export const listProofs = (plans: readonly string[], now: string): PlanProof[] =>
  plans.map((plan) => {
    const at = addSeconds(now, -(plan === 'support' ? 24 : 2) * daySeconds);
    const isNew = plan === 'catalog';
    return {
      plan,
      lastPassed: at,
      tables: ['public.items', 'public.prices'].map((table, index) => ({
        table,
        rows: isNew && index === 1 ? null : at,
        values: at,
      })),
      sideEffects: { seen: plan === 'events' ? ['subscription events_of_shop'] : [], unknown: [], at },
    };
  });
