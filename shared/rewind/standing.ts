import { classifyBacktrackStatus, classifyClusterStatus } from '../aurora/statuses.ts';
import { formatInstant } from '../result/format.ts';
import { listSome } from '../words.ts';
import type { Binlog, RewindFacts } from './facts.ts';
import { type Fact, sayAs } from './readiness.ts';

/** What the cluster is in the middle of, and who follows it. */

const mostNames = 3;

export const checkStatus = ({ source: { identifier, status } }: RewindFacts, to: string | null): Fact => {
  const say = sayAs('status');
  const { readiness, trouble } = classifyClusterStatus(status);
  if (readiness === 'ready') return say(true, `${identifier} is ${status}`);
  if (trouble === 'unknown')
    return say(null, `${identifier} has the status "${status}", which is unknown to this tool`);
  return readiness === 'pending' && to === null
    ? say(true, `${identifier} is ${status}, which passes`)
    : say(false, `${identifier} is ${status}, and a rewind needs it available`);
};

export const checkPending = ({ source, backtracks }: RewindFacts, to: string | null): Fact => {
  const say = sayAs('pending rewind');
  if ('unknown' in backtracks)
    return say(null, `whether a rewind goes on is not known: ${backtracks.unknown}`);
  const pending = backtracks.value.find(
    ({ status }) => classifyBacktrackStatus(status).readiness === 'pending',
  );
  if (pending === undefined) return say(true, `no rewind of ${source.identifier} goes on`);
  const sentence = `the rewind ${pending.identifier}, asked for at ${formatInstant(pending.requestedAt)}, is ${pending.status}`;
  return to === null ? say(true, `${sentence}, which passes`) : say(false, `${sentence}: wait for its end`);
};

export const checkGlobal = ({ source: { identifier, globalCluster } }: RewindFacts): Fact =>
  sayAs('Global Database')(
    globalCluster === null,
    globalCluster === null
      ? `${identifier} is in no Global Database`
      : `${identifier} is in the Global Database ${globalCluster}, which cannot be rewound`,
  );

export const checkReplicas = ({ source: { identifier, replicatesFrom, replicas } }: RewindFacts): Fact => {
  const say = sayAs('replicas');
  if (replicatesFrom !== null)
    return say(false, `${identifier} replicates from ${replicatesFrom}, which a rewind would break`);
  return replicas.length === 0
    ? say(true, `nothing replicates from ${identifier}`)
    : say(
        false,
        `${listSome(replicas, mostNames)} replicates from ${identifier}, which a rewind would break`,
      );
};

export const checkBlueGreen = ({ source: { identifier }, blueGreens }: RewindFacts): Fact => {
  const say = sayAs('Blue/Green');
  if ('unknown' in blueGreens)
    return say(
      null,
      `whether ${identifier} is in a Blue/Green deployment is not known: ${blueGreens.unknown}`,
    );
  const [first] = blueGreens.value;
  return first === undefined
    ? say(true, `${identifier} is in no Blue/Green deployment`)
    : say(
        false,
        `${identifier} is in the Blue/Green deployment ${first.identifier} (${first.status}), which a rewind would break`,
      );
};

/** A rewind writes nothing into the binary log, so whoever reads it goes astray without a word. */
export const checkBinlog = ({ source, binlog }: RewindFacts, to: string | null): Fact => {
  const say = sayAs('binary log');
  const { identifier } = source;
  if ('unknown' in binlog)
    return say(null, `whether ${identifier} writes a binary log is not known: ${binlog.unknown}`);
  const { isOn, seenBy, consumers } = binlog.value;
  if (isOn || (consumers ?? []).length > 0)
    return say(
      false,
      `${identifier} writes a binary log, ${describeConsumers(consumers)}: a rewind is not written into it, so whoever reads it silently goes astray`,
    );
  if (seenBy === 'server') return say(true, `${identifier} writes no binary log`);
  return to === null
    ? say(true, `${identifier} writes no binary log, as its parameter group has it; the server was not asked`)
    : say(null, `whether ${identifier} writes a binary log is not known: the server was not asked`);
};

const describeConsumers = (consumers: Binlog['consumers']): string =>
  consumers === null
    ? 'and who reads it is not known'
    : consumers.length === 0
      ? 'which nobody reads just now'
      : `which ${listSome(consumers, mostNames)} reads`;
