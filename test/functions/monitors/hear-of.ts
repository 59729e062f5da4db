import { expect } from 'vitest';
import { sweepLeftovers } from '../../../functions/monitors/sweep-leftovers.ts';
import { executionArn, stateMachineArn } from '../../../local/machine/execution.ts';
import type { Aurora } from '../../../shared/aurora/port.ts';
import type { Clock } from '../../../shared/instants.ts';
import type { Message } from '../../../shared/messages/message.ts';
import { testPrices } from '../../shared/result/prices-fixture.ts';

type Ended = {
  world: { aurora: Aurora; readPlans: () => Promise<string> };
  now: Clock;
  changes: readonly string[];
};

/** What Step Functions says, and what differs besides. `input` as somebody typed it, `index` the history. */
export type Said = {
  status?: string;
  error?: string;
  cause?: string;
  input?: object;
  aurora?: Partial<Aurora>;
  index?: string;
};

const alone = (name: string) => `arn:aws:states:eu-west-1:111122223333:stateMachine:${name}-alone`;

/** What the pager is told of the end of an execution whose clusters stay. */
export const hearOf = async (
  job: 'recover' | 'rewind',
  { world, now, changes }: Ended,
  name: string,
  { status = 'ABORTED', input, aurora = {}, index, ...why }: Said = {},
): Promise<Message[]> => {
  const told: Message[] = [];
  const before = changes.length;
  await sweepLeftovers(
    {
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: {
        executionArn: executionArn(name),
        name,
        status,
        startDate: now().getTime(),
        ...why,
        ...(input !== undefined && { input: JSON.stringify(input) }),
      },
    },
    {
      aurora: { ...world.aurora, ...aurora },
      executions: { findStatus: async () => 'ended' },
      metrics: { publish: async () => {} },
      notify: async (message) => void told.push(message),
      reports: { read: async () => (index === undefined ? null : { text: index, version: '1' }) },
      placeOf: (key) => `s3://reports/${key}`,
      readPlans: world.readPlans,
      stateMachineArns: () => [alone('drills')],
      recoverMachineArn: () => (job === 'recover' ? stateMachineArn : alone('recoveries')),
      rewindMachineArn: () => (job === 'rewind' ? stateMachineArn : alone('rewinds')),
      prices: () => testPrices,
      now,
    },
  );
  // Nothing of it is swept.
  expect(changes.slice(before)).toEqual([]);
  return told;
};
