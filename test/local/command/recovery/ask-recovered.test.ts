import { expect, test } from 'vitest';
import { askRecovered } from '../../../../local/command/recovery/ask-recovered.ts';
import type { Answer, Database, DatabaseAddress, Reader } from '../../../../shared/database/port.ts';
import { DrillError } from '../../../../shared/errors.ts';
import { makeRecovery, nothingMade } from '../../../shared/recovery/recovery-fixture.ts';

const production = { engine: 'aurora-postgresql', host: 'old', port: 5432, database: 'app', user: 'reader' };
const question = { sql: 'select 37', expected: [['37']] };
const { cluster } = makeRecovery();

const reader = { identifier: `${cluster?.identifier}-reader-1`, port: 7002 };

/** A writer and a reader that are asked once each, and closed. */
const answering = (answer: () => Answer) => {
  const opened: DatabaseAddress[] = [];
  let open = 0;
  const session: Pick<Reader, 'openSnapshot' | 'runQuery' | 'close'> = {
    openSnapshot: async () => 0,
    runQuery: async (sql) => (sql === question.sql ? answer() : []),
    close: async () => void open--,
  };
  const database: Database = {
    open: async (address) => {
      opened.push(address);
      open++;
      return session as Reader;
    },
  };
  return { world: { database, listReaders: () => [reader] }, opened, left: () => open };
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
  const { world, opened, left } = answering(answer);
  const address = { ...production, host: cluster?.endpoint, port: cluster?.port };
  const found = await askRecovered(world, makeRecovery(), production, asked);
  const addressOfReader = { ...address, port: reader.port };
  expect(found).toEqual([
    { server: cluster?.writer, address, ...told },
    { server: reader.identifier, address: addressOfReader, ...told },
  ]);
  expect([opened, left()]).toEqual([[address, addressOfReader], 0]);
});

test('nothing was made: nobody is asked', async () => {
  const { world, opened } = answering(() => []);
  expect(await askRecovered(world, makeRecovery(nothingMade), production, question)).toEqual([]);
  expect(opened).toEqual([]);
});
