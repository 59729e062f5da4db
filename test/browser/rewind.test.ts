import { describe } from 'vitest';
import { renderRewind } from '../../shared/rewind/page.ts';
import {
  blockedRewind,
  laterRewind,
  makeRewind,
  plantIn,
  readyRewind,
} from '../shared/rewind/rewind-fixture.ts';
import { describeChromium } from './chromium.ts';
import { testViews } from './views.ts';

const rewinds = {
  rewound: makeRewind(),
  ready: readyRewind(),
  blocked: blockedRewind(),
  'other-time': laterRewind(),
  hostile: plantIn(`<img src=x>\u202e${'M'.repeat(300)}`),
};

describeChromium('page of a rewind in a browser', (openPage) => {
  describe.each(Object.entries(rewinds))('%s', (name, rewind) => {
    testViews(openPage, `rewind-${name}`, renderRewind(rewind), false);
  });
});
