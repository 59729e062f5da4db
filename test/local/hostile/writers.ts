/** Runs a writer over and over until it is stopped. @throws what stopped it before */
export const repeat = (write: (round: number) => Promise<unknown>) => {
  let isOver = false;
  const running = (async () => {
    for (let round = 0; !isOver; round += 1) await write(round);
  })();
  running.catch(() => {});
  return async (): Promise<void> => {
    isOver = true;
    await running;
  };
};
