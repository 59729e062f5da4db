/** The time of a rehearsal, in milliseconds since it began. */
export type Time = { nowMs(): number; sleep(ms: number): Promise<void> };

/** Waits for something, and not for longer than this. No timer outlasts it by more than a moment. */
export const waitAtMost = async (
  mostMs: number,
  awaited: Promise<unknown>,
  { nowMs, sleep }: Time,
): Promise<void> => {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  const ending = awaited.then(end, end);
  for (const endsMs = nowMs() + mostMs; !isOver && nowMs() < endsMs; ) {
    await Promise.race([ending, sleep(20)]);
  }
};
