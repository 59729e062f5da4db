import { expect, test } from 'vitest';
import { askRecovered } from '../../../local/command/ask-recovered.ts';
import type { Answer, Database, DatabaseAddress, Reader } from '../../../shared/database/port.ts';
import { DrillError } from '../../../shared/errors.ts';
import { makeRecovery, nothingMade } from '../../shared/recovery/recovery-fixture.ts';

const production = { engine: 'aurora-postgresql', host: 'old', port: 5432, database: 'app', user: 'reader' };
const question = { sql: 'select 37', expected: [['37']] };
const { cluster } = makeRecovery();

/** One that is asked once, and closed. */
const answering = (answer: () => Answer) => {
  const opened: DatabaseAddress[] = [];
  let open = 0;
  const reader: Pick<Reader, 'openSnapshot' | 'runQuery' | 'close'> = {
    openSnapshot: async () => 0,
    runQuery: async (sql) => (sql === question.sql ? answer() : []),
    close: async () => void open--,
  };
  const database: Database = {
    open: async (address) => {
      opened.push(address);
      open++;
      return reader as Reader;
    },
  };
  return { database, opened, left: () => open };
};

const refuse = (): Answer => {
  throw new DrillError('DatabaseFailure', 'it is starting up');
};

test.each([
  ['as before', () => [['37']], question, { isAsBefore: true, trouble: null }],
  ['another answer', () => [['36']], question, { isAsBefore: false, trouble: null }],
  [
    'nothing to compare with',
    () => [['36']],
    { ...question, expected: null },
    { isAsBefore: null, trouble: null },
  ],
  [
    'no answer',
    refuse,
    question,
    { isAsBefore: false, trouble: expect.stringContaining('it is starting up') },
  ],
])('%s: told, and no session is left', async (_name, answer, asked, told) => {
  const { database, opened, left } = answering(answer);
  const address = { ...production, host: cluster?.endpoint, port: cluster?.port };
  const found = await askRecovered(database, makeRecovery(), production, asked);
  expect(found).toEqual([{ server: cluster?.writer, address, ...told }]);
  expect([opened, left()]).toEqual([[address], 0]);
});

test('nothing was made: nobody is asked', async () => {
  const { database, opened } = answering(() => []);
  expect(await askRecovered(database, makeRecovery(nothingMade), production, question)).toEqual([]);
  expect(opened).toEqual([]);
});
