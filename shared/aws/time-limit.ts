import { DrillError } from '../errors.ts';

/** Waits for work that must not hold up the rest. @throws DrillError OutOfTime; the work itself may go on */
export const withinSeconds = async (seconds: number, what: string, work: Promise<void>): Promise<void> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new DrillError('OutOfTime', `${what} took longer than ${seconds} s`)),
    seconds * 1000,
  );
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
};
