import { DrillError } from '../errors.ts';

/** Waits for work that must not hold up the rest, and tells it when nobody waits any more. @throws DrillError OutOfTime */
export const withinSeconds = async (
  seconds: number,
  what: string,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const error = new DrillError('OutOfTime', `${what} took longer than ${seconds} s`);
    controller.abort(error);
    reject(error);
  }, seconds * 1000);
  try {
    await Promise.race([work(controller.signal), promise]);
  } finally {
    clearTimeout(timer);
  }
};
