import type { Aurora, Cluster } from '../aurora/port.ts';
import { addSeconds } from '../instants.ts';
import { know } from '../known.ts';
import { describeSource, listBlueGreensOf, listUpgrades, type RewindFacts, readBinlog } from './facts.ts';

/** What RDS is asked. */
export type RewindAurora = Pick<
  Aurora,
  'listBacktracks' | 'listClusterEvents' | 'listBlueGreens' | 'listClusterParameters'
>;

/** RDS keeps events for 14 days, and Backtrack reaches back three. */
const eventSeconds = 4 * 86_400;

const notAsked = { unknown: 'the server was not asked' };

/**
 * What RDS says of a cluster. What it does not answer is unknown, with the reason; what only the server can say is too. A cluster
 * without Backtrack is asked nothing.
 * @param at ISO 8601
 */
export const readRewindFacts = async (
  aurora: RewindAurora,
  cluster: Cluster,
  at: string,
): Promise<RewindFacts> => {
  const { identifier, parameterGroup, backtrack } = cluster;
  const source = describeSource(cluster);
  if (backtrack === null) {
    const none = { unknown: 'a cluster without Backtrack is asked nothing' };
    return { source, backtracks: none, upgrades: none, blueGreens: none, binlog: none, activity: notAsked };
  }
  const [backtracks, upgrades, blueGreens, binlog] = await Promise.all([
    know(() => aurora.listBacktracks(identifier)),
    know(async () =>
      listUpgrades(
        await aurora.listClusterEvents({ cluster: identifier, from: addSeconds(at, -eventSeconds), to: at }),
      ),
    ),
    know(async () => listBlueGreensOf(identifier, await aurora.listBlueGreens())),
    parameterGroup === null
      ? { unknown: 'RDS does not say which parameter group it has' }
      : know(() => aurora.listClusterParameters(parameterGroup)).then((parameters) =>
          'unknown' in parameters ? parameters : readBinlog(parameters.value),
        ),
  ]);
  return { source, backtracks, upgrades, blueGreens, binlog, activity: notAsked };
};
