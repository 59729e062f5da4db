import { expect, test } from 'vitest';
import { defaultPosture } from '../../../shared/plan/posture-settings.ts';
import { wantedOf } from '../../../shared/posture/wanted.ts';
import { makePlans } from '../plan/plan-fixture.ts';

const plans = makePlans({
  nightly: { source: 'Shop' },
  weekly: { source: 'shop', posture: { retentionDays: 14, copyRegion: 'eu-central-1' } },
});

test.each(['shop', 'SHOP'])(
  'a cluster of several plans, %s: what the one says that says anything',
  (cluster) => {
    const { settings, from, plans: own } = wantedOf(plans)(cluster);
    expect(settings).toMatchObject({ retentionDays: 14, copyRegion: 'eu-central-1' });
    expect([from, Object.keys(own)]).toEqual(['weekly', ['nightly', 'weekly']]);
  },
);

test.each(['other', 'constructor'])('a cluster of no plan, called %s: the defaults', (cluster) => {
  expect(wantedOf(plans)(cluster)).toEqual({
    settings: defaultPosture,
    from: null,
    plans: {},
    counted: ['automated', 'aws-backup'],
  });
});
