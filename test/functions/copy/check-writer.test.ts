import { expect, test } from 'vitest';
import { checkWriter } from '../../../functions/copy/check-writer.ts';
import type { Instance } from '../../../shared/aurora/port.ts';
import { makeDrillUpTo, makePassedDrill } from '../../shared/drill/state-fixture.ts';
import { clockAt, makeAurora, makeInstance } from '../fakes.ts';

const { cluster, writer } = makePassedDrill().PrepareDrill.target;

/** Added at 08:16:42, with a deadline at 09:30. */
const check = (instances: Instance[], time: string) =>
  checkWriter(makeDrillUpTo('AddWriter'), {
    aurora: makeAurora({ listInstances: async (identifier) => (identifier === cluster ? instances : []) }),
    now: clockAt(time),
  });

const byHand = makeInstance('by-hand');

test("the drill's own writer is available: ready, whatever another instance does", async () => {
  const instances = [makeInstance('by-hand', { status: 'failed' }), makeInstance(writer)];
  expect(await check(instances, '08:24')).toMatchObject({ status: 'ready' });
});

test('another instance is available, the writer is creating: pending until the deadline', async () => {
  const instances = [byHand, makeInstance(writer, { status: 'creating' })];
  expect(await check(instances, '08:24')).toMatchObject({ status: 'pending' });
  expect(await check(instances, '09:31')).toMatchObject({ status: 'failed', error: 'DeadlineExceeded' });
});

test('writer not listed: pending while the request is recent, then WriterUnusable', async () => {
  expect(await check([byHand], '08:21:41')).toMatchObject({ status: 'pending' });
  expect(await check([byHand], '08:21:42')).toMatchObject({ status: 'failed', error: 'WriterUnusable' });
});

test('writer has failed: WriterUnusable with its status', async () => {
  const instances = [byHand, makeInstance(writer, { status: 'incompatible-network' })];
  expect(await check(instances, '08:24')).toMatchObject({
    status: 'failed',
    error: 'WriterUnusable',
    reason: expect.stringContaining('incompatible-network'),
  });
});
