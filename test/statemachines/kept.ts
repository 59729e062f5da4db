import { afterEach, beforeEach, vi } from 'vitest';
import { localOrigin } from '../../local/aurora/world.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { type Message, toChat, toMachine, toText } from '../../shared/messages/message.ts';

/** Keeps what each test prints, its log among it, and shows none of it. */
export const keepPrinted = (): (() => string[]) => {
  let printed: string[] = [];
  beforeEach(() => {
    printed = [];
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((chunk) => {
        printed.push(String(chunk));
        return true;
      });
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return () => printed;
};

/** Everything that anybody could read after an execution. */
export const makeKept = (name: string) => {
  const kept: string[] = [];
  const keep = (what: unknown) => kept.push(JSON.stringify(what));
  return {
    kept,
    keep,
    notify: async (message: Message) => {
      keep(toMachine(message, localOrigin));
      keep(toChat(message, localOrigin));
      kept.push(toText(message, localOrigin));
    },
    onState: (_name: string, state: unknown) => void keep(state),
    // Through the bundle around every function, which logs what it is given and what goes wrong.
    aroundTask: (_state: string, run: () => Promise<unknown>) => {
      const id = `arn:aws:states:eu-west-1:111122223333:execution:drill:${name}`;
      const state = { execution: { id, name, startedAt: '2026-11-16T08:00:00Z', input: {} } };
      return lambdaHandler(run, null)(state, {});
    },
  };
};
