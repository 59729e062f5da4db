import { expect, test } from 'vitest';
import { fitRecovery } from '../../../shared/recovering/fit.ts';
import { tellChanges } from '../../../shared/rows/told-changes.ts';
import { makeRecovery } from '../recovery/recovery-fixture.ts';

const nothing = tellChanges({
  tables: [],
  unchangedTables: 3,
  goneTables: [],
  addedTables: [],
  definitions: [],
  notCompared: [],
});

test('what has room in the output of the execution is kept as it is', () => {
  const small = makeRecovery({ changes: nothing });
  expect(fitRecovery(small)).toEqual(small);
  const unread = makeRecovery({ changes: null });
  expect(fitRecovery(unread)).toBe(unread);
});

test('what has none is left out there: the first lines stay, and all that is not of the changes', () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `public.orders_of_the_year_${index}: 1 new`);
  const recovery = makeRecovery({ changes: { ...nothing, summary: 'much', lines } });
  expect(fitRecovery(recovery)).toEqual({
    ...recovery,
    changes: { summary: 'much', lines: [...lines.slice(0, 200), 'and 4800 more lines'], found: null },
  });
});

test('long lines: fewer of them', () => {
  const lines = Array.from({ length: 200 }, (_, index) => `${index} ${'long '.repeat(500)}`);
  const { changes } = fitRecovery(makeRecovery({ changes: { ...nothing, lines } }));
  expect(changes?.lines).toEqual([...lines.slice(0, 50), 'and 150 more lines']);
});
