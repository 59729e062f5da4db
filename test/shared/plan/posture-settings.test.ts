import { expect, test } from 'vitest';
import { defaultPosture } from '../../../shared/plan/posture-settings.ts';
import { makePlans } from './plan-fixture.ts';

const waiver = { reason: 'a reader is ordered', until: '2027-03-31' };

test('a posture: what is left out is as everybody has it', () => {
  const plans = makePlans({ shop: { posture: { retentionDays: 14, waive: { 'two-zones': waiver } } } });
  expect(plans.shop?.posture).toEqual({
    ...defaultPosture,
    retentionDays: 14,
    waive: { 'two-zones': waiver },
  });
});

test.each([
  ['no reason', { waive: { encryption: { until: '2027-03-31' } } }, 'waive.encryption.reason: expected why'],
  [
    'an empty reason',
    { waive: { encryption: { ...waiver, reason: ' ' } } },
    'encryption.reason: expected why',
  ],
  ['no end', { waive: { encryption: { reason: 'x' } } }, 'waive.encryption.until: expected an end in UTC'],
  [
    'a day that is in no calendar',
    { waive: { encryption: { ...waiver, until: '2027-02-30' } } },
    'waive.encryption.until: expected an end in UTC: a day, which counts as a whole',
  ],
  [
    'an end in some time zone',
    { waive: { encryption: { ...waiver, until: '2027-03-31T12:00:00' } } },
    'waive.encryption.until',
  ],
  ['nothing for a waiver', { waive: { encryption: null } }, 'waive.encryption: expected object'],
  [
    'a rule that is none',
    { waive: { backups: waiver } },
    'waive.backups: expected a rule, one of backup-retention, deletion-protection,',
  ],
  [
    'a rule named as what every object has',
    { waive: { toString: waiver } },
    'waive.toString: expected a rule',
  ],
  ['more days than RDS keeps', { retentionDays: 36 }, 'retentionDays: Too big: expected number to be <=35'],
  ['a place that is no Region', { copyRegion: 'Frankfurt' }, 'copyRegion: expected a Region such as'],
  ['an unknown key', { backups: true }, 'posture.backups: unknown key'],
])('a posture with %s: InvalidPlan that names it', (_, posture, problem) => {
  expect(() => makePlans({ shop: { posture } })).toThrow(
    expect.objectContaining({ name: 'InvalidPlan', summary: expect.stringContaining(problem) }),
  );
});

test('plans of one source that ask different things of it: InvalidPlan that names both', () => {
  const read = () =>
    makePlans({
      nightly: { posture: { retentionDays: 14 } },
      byHand: {},
      weekly: { source: 'APP', posture: { retentionDays: 7 } },
    });
  expect(read).toThrow(
    expect.objectContaining({
      name: 'InvalidPlan',
      summary: expect.stringContaining('plans.weekly.posture: expected the posture of plan nightly'),
    }),
  );
});

test('plans of one source that ask the same of it, in another order: no problem', () => {
  const waive = { encryption: waiver, 'two-zones': waiver };
  const turned = { 'two-zones': waiver, encryption: { until: waiver.until, reason: waiver.reason } };
  const plans = makePlans({ nightly: { posture: { waive } }, weekly: { posture: { waive: turned } } });
  expect(plans.weekly?.posture).toEqual(plans.nightly?.posture);
});
