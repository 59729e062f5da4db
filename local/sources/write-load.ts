import { setTimeout as sleep } from 'node:timers/promises';

export type WriteLoad = {
  /** Rows inserted, updated and deleted so far. */
  rowsWritten(): number;
  /** Stops after the current transaction. @throws the error that stopped the writer before, if any */
  stop(): Promise<void>;
};

/** About 70 rows each time: well over 1,000 rows a second on a machine that keeps up. */
const roundEveryMs = 50;

/**
 * Keeps writing until it is stopped.
 * @param writeRound runs one short transaction and returns how many rows it wrote
 * @param leave closes the connection
 */
export const keepWriting = (writeRound: () => Promise<number>, leave: () => Promise<void>): WriteLoad => {
  let isStopping = false;
  let rowsWritten = 0;
  const writing = (async () => {
    while (!isStopping) {
      const next = performance.now() + roundEveryMs;
      rowsWritten += await writeRound();
      await sleep(Math.max(0, next - performance.now()));
    }
  })();
  // stop() throws the error. Until then an ended load is a source at rest.
  writing.catch(() => {});
  return {
    rowsWritten: () => rowsWritten,
    stop: async () => {
      isStopping = true;
      await writing;
      await leave();
    },
  };
};
