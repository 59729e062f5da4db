import type { Aurora } from '../aurora/port.ts';
import { DrillError } from '../errors.ts';
import { readCaught } from '../job/failure.ts';
import type { RewindFacts } from '../rewind/facts.ts';
import { type RewindAurora, readRewindFacts } from '../rewind/reading.ts';
import { unasked } from './server.ts';
import type { RewindPreparation, RewindState, ServerFacts } from './state.ts';

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
  const server = state[asked] ?? unasked(describeUnasked(state, asked));
  return readSourceFacts(aurora, state.PrepareRewind.source.identifier, server, at);
};

/** The same, with what the server has said. */
export const readSourceFacts = async (
  aurora: Pick<Aurora, 'findCluster'> & RewindAurora,
  source: string,
  { binlog, activity }: ServerFacts,
  at: string,
): Promise<RewindFacts> => {
  const cluster = await aurora.findCluster(source);
  if (cluster === undefined) throw new DrillError('SourceNotFound', `the source ${source} is gone`);
  return { ...(await readRewindFacts(aurora, cluster, at)), binlog, activity };
};

const describeUnasked = (state: RewindState, asked: 'AskServer' | 'AskServerAgain'): string => {
  const caught = readCaught(state, asked);
  return caught === null ? 'the server was not asked' : `${caught.error}: ${caught.cause}`;
};
