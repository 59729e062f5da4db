import { describe } from 'vitest';
import { renderRehearsal } from '../../shared/rehearsal/page.ts';
import { makeRehearsal, nothingRun, plantIn, safeRehearsal } from '../shared/rehearsal/rehearsal-fixture.ts';
import { describeChromium } from './chromium.ts';
import { testViews } from './views.ts';

const rehearsals = {
  unsafe: makeRehearsal(),
  safe: safeRehearsal,
  'not-run': makeRehearsal({ ...nothingRun, dryRun: true }),
  hostile: plantIn(`<img src=x>\u202e${'M'.repeat(300)}`),
};

describeChromium('page of a rehearsal in a browser', (openPage) => {
  describe.each(Object.entries(rehearsals))('%s', (name, rehearsal) => {
    testViews(openPage, `rehearsal-${name}`, renderRehearsal(rehearsal), false);
  });
});
