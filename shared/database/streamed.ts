/** Hands over batch by batch what a question finds. Resolves once the batch is taken. */
export type HandOver<Batch> = (batch: Batch) => Promise<void>;

/** The question is over, since nobody takes what it finds. */
class Stopped extends Error {}

/**
 * What a question hands over, as a stream that its user pulls: it holds one batch at a time. Who stops early ends the
 * question. An error of the question is thrown where the next batch was awaited.
 */
export async function* streamFrom<Batch>(
  question: (handOver: HandOver<Batch>) => Promise<void>,
): AsyncGenerator<Batch> {
  let isOver = false;
  let offer = Promise.withResolvers<{ batch: Batch } | null>();
  let taken = Promise.withResolvers<void>();
  const asked = question(async (batch) => {
    if (isOver) throw new Stopped();
    offer.resolve({ batch });
    await taken.promise;
    if (isOver) throw new Stopped();
  }).then(
    () => offer.resolve(null),
    (error) => offer.reject(error),
  );
  // Awaited below, unless its user has gone.
  offer.promise.catch(() => {});
  try {
    for (let found = await offer.promise; found !== null; found = await offer.promise) {
      yield found.batch;
      const before = taken;
      offer = Promise.withResolvers();
      offer.promise.catch(() => {});
      taken = Promise.withResolvers();
      before.resolve();
    }
  } finally {
    isOver = true;
    taken.resolve();
    await asked;
  }
}
