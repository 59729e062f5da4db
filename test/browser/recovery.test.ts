import { describe } from 'vitest';
import { renderRecovery } from '../../shared/recovery/page.ts';
import { makeRecovery, makeTest, nothingMade } from '../shared/recovery/recovery-fixture.ts';
import { describeChromium } from './chromium.ts';
import { testViews } from './views.ts';

const recoveries = {
  passed: makeRecovery(),
  failed: makeRecovery({ tests: [makeTest('bad rows gone', 'failed')] }),
  advice: makeRecovery({ ...nothingMade, dryRun: true }),
};

describeChromium('page of a recovery in a browser', (openPage) => {
  describe.each(Object.entries(recoveries))('%s', (name, recovery) => {
    testViews(openPage, `recovery-${name}`, renderRecovery(recovery), false);
  });
});
