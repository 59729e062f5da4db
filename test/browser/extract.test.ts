import { describe } from 'vitest';
import { renderExtract } from '../../shared/extraction/page.ts';
import { nameFailure } from '../../shared/job/failure.ts';
import {
  halfExtracted,
  makeExtract,
  nothingExtracted,
  plantIn,
} from '../shared/extraction/extract-fixture.ts';
import { describeChromium } from './chromium.ts';
import { testViews } from './views.ts';

const extracts = {
  passed: makeExtract(),
  incomplete: makeExtract({
    ...halfExtracted,
    failures: [nameFailure('CopyTables', 'DatabaseFailure', 'no space left on device (53100)')],
  }),
  checked: makeExtract({ ...nothingExtracted, dryRun: true }),
  hostile: plantIn(`<img src=x>\u202e${'M'.repeat(300)}`),
};

describeChromium('page of an extract in a browser', (openPage) => {
  describe.each(Object.entries(extracts))('%s', (name, extract) => {
    testViews(openPage, `extract-${name}`, renderExtract(extract), false);
  });
});
