import type { Aurora } from '../aurora/port.ts';
import { DrillError } from '../errors.ts';
import { readCaught } from '../job/failure.ts';
import type { RewindFacts } from '../rewind/facts.ts';
import { type RewindAurora, readRewindFacts } from '../rewind/reading.ts';
import { unasked } from './server.ts';
import type { RewindPreparation, RewindState } from './state.ts';

/**
 * What RDS says now, and what the server said when it was last asked.
 * @param asked the state that asked it
 * @throws DrillError SourceNotFound, and what RDS answers
 */
export const readFacts = async (
  aurora: Pick<Aurora, 'findCluster'> & RewindAurora,
  state: RewindState & { PrepareRewind: RewindPreparation },
  asked: 'AskServer' | 'AskServerAgain',
  at: string,
): Promise<RewindFacts> => {
  const { identifier } = state.PrepareRewind.source;
  const cluster = await aurora.findCluster(identifier);
  if (cluster === undefined) throw new DrillError('SourceNotFound', `the source ${identifier} is gone`);
  const facts = await readRewindFacts(aurora, cluster, at);
  const { binlog, activity } = state[asked] ?? unasked(describeUnasked(state, asked));
  return { ...facts, binlog, activity };
};

const describeUnasked = (state: RewindState, asked: 'AskServer' | 'AskServerAgain'): string => {
  const caught = readCaught(state, asked);
  return caught === null ? 'the server was not asked' : `${caught.error}: ${caught.cause}`;
};
