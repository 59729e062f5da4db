// Called by the state machine once the source is known, inside the VPC.
// Changes nothing: watches production's writes for a minute, and then waits for the next whole second of its clock.
// Running it twice gives the later second.
import { setTimeout as sleep } from 'node:timers/promises';
import { iamDatabase } from '../../shared/aws/iam-database.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Database, DatabaseAddress } from '../../shared/database/port.ts';
import { type Clock, countDown, toIso } from '../../shared/instants.ts';
import { defineMarkStep } from '../../shared/rewinding/mark-state.ts';
import { askServer, mostAskedMs, unasked, type Watch, watchMs } from '../../shared/rewinding/server.ts';

type Deps = { database: Database; watch: Watch; now: Clock };

export const readClock = defineMarkStep(
  'ReadClock',
  ['PrepareMark'],
  async ({ PrepareMark: mark }, { database, watch, now }: Deps) => {
    const { sourceAddress: address } = mark;
    const remainingMs = countDown(now, mostAskedMs);
    const facts =
      mark.source.engine === 'aurora-mysql'
        ? await askServer(database, address, remainingMs, watch)
        : unasked('only Aurora MySQL is asked');
    return { ...facts, at: await passSecond(database, address, remainingMs) };
  },
);

/** What is committed before this answers is at that second, and what begins after it is not. */
const passSecond = async (
  database: Database,
  address: DatabaseAddress,
  remainingMs: () => number,
): Promise<string> => {
  const reader = await database.open(address, { sessions: 1, remainingMs });
  try {
    const second = Math.ceil((await reader.readClock()) / 1000) * 1000;
    await reader.openSnapshot(second);
    return toIso(new Date(second));
  } finally {
    await reader.close();
  }
};

export const handler = lambdaHandler(readClock, {
  database: iamDatabase(),
  watch: () => sleep(watchMs),
  now: systemClock,
});
