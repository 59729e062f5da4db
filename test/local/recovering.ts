import { startRecovery } from '../../local/machine/recover.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Message } from '../../shared/messages/message.ts';
import { testPrices } from '../shared/result/prices-fixture.ts';
import type { TestWorld } from './world.ts';

/** Runs the real machine in a world of a test, and files nothing. @param plans the text of plans.yml */
export const recoverIn = async (
  { aurora, database }: Pick<TestWorld, 'aurora' | 'database'>,
  plans: string,
  name: string,
  input: object,
) => {
  const messages: Message[] = [];
  const execution = await startRecovery({
    name,
    input,
    waitMs: 20,
    world: {
      aurora,
      database,
      notify: async (message) => void messages.push(message),
      readPlans: async () => plans,
      placeOf: () => 'recoveries/report.html',
      file: async () => {},
      reports: { read: async () => null },
      metrics: { publish: async () => {}, read: async () => [] },
      prices: () => testPrices,
      onCheck: () => {},
      now: systemClock,
      pause: async () => {},
      warn: () => {},
    },
  });
  return { ...(await execution.finished), messages };
};
