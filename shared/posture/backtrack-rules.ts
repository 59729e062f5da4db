import { type Assessment, assessBacktrack } from '../aurora/backtrack-window.ts';
import type { Cluster, Parameter } from '../aurora/port.ts';
import { isDrillError } from '../errors.ts';
import { describeSeconds } from '../instants.ts';
import type { Known } from '../known.ts';
import { type Binlog, describeSource, type RewindFacts, readBinlog } from '../rewind/facts.ts';
import { checkBinlog, checkGlobal, checkReplicas } from '../rewind/standing.ts';
import { checkBacktrack, checkEngine } from '../rewind/support.ts';
import type { PostureFacts } from './facts.ts';
import { byHand } from './mend.ts';
import { findOldValues, hold, notApplicable, type Outcome, type Rule, unreadable } from './rule.ts';

/** Whether an Aurora MySQL cluster could be rewound: what a rewind asks, as far as RDS tells without the server. */

export const judgeBacktrack: Rule = (facts, _, now) => {
  const rewind = toRewindFacts(facts);
  const { cluster } = facts;
  return refuseOthers(rewind) ?? (cluster.backtrack === null ? judgeOff(rewind) : judgeWindow(cluster, now));
};

/** Those that cannot have Backtrack at all. */
const refuseOthers = (facts: RewindFacts): Outcome | null => {
  const engine = checkEngine(facts);
  if (engine.isHeld === null) return unreadable(engine.sentence);
  const out = [engine, checkGlobal(facts)].find(({ isHeld }) => isHeld === false);
  return out === undefined ? null : notApplicable(out.sentence);
};

const judgeOff = (facts: RewindFacts): Outcome =>
  facts.source.isServerlessV2
    ? notApplicable(`it is off, and ${checkEngine(facts).sentence}`)
    : hold(false, {
        expected: 'on',
        seen: 'off',
        mend: () => byHand(`${checkBacktrack(facts).sentence}: docs/backtrack.md says what to do instead`),
      });

const judgeWindow = (cluster: Cluster, now: string): Outcome => {
  const assessment = assess(cluster, now);
  if ('unknown' in assessment) return unreadable(assessment.unknown);
  return hold(assessment.verdict !== 'shrunk', {
    expected: `a window of ${describeSeconds(cluster.backtrack?.targetSeconds ?? 0)}, its target`,
    seen: assessment.reason,
    mend: () =>
      byHand('write less, or set a smaller target: docs/runbook.md, backtrack-window-shrunk, has the steps'),
  });
};

const assess = (cluster: Cluster, now: string): Assessment | { unknown: string } => {
  try {
    return assessBacktrack(cluster, now);
  } catch (error) {
    if (!isDrillError(error)) throw error;
    return { unknown: error.summary };
  }
};

/** The window is another rule's. */
export const judgeBlocks: Rule = (facts) => {
  const rewind = toRewindFacts(facts);
  const others = refuseOthers(rewind);
  if (others !== null) return others;
  if (rewind.source.backtrack === null) return notApplicable(checkBacktrack(rewind).sentence);
  const checks = [checkReplicas(rewind), checkBinlog(rewind, null)];
  const blocks = checks.filter(({ isHeld }) => isHeld === false);
  const unsure = checks.find(({ isHeld }) => isHeld === null);
  if (blocks.length === 0 && unsure !== undefined) return unreadable(unsure.sentence);
  return hold(blocks.length === 0, {
    expected: 'no replication, and no binary log',
    seen: (blocks.length === 0 ? checks : blocks).map(({ sentence }) => sentence).join('; '),
    mend: () =>
      byHand(
        'if nobody needs the binary log or the replication, end them, with binlog_format = OFF in its parameter group; else recover to a new cluster instead of a rewind',
      ),
  });
};

/** A change of binlog_format takes effect with a reboot. */
const readBinlogOf = (cluster: Cluster, parameters: Parameter[]): Known<Binlog> => {
  const binlog = readBinlog(parameters);
  const old = findOldValues(cluster);
  return 'value' in binlog && !binlog.value.isOn && old !== null ? { unknown: old } : binlog;
};

/** What only RDS's lists and the server could tell is not asked for. */
const toRewindFacts = ({ cluster, parameters }: PostureFacts): RewindFacts => {
  const unasked = { unknown: 'nobody was asked' };
  return {
    source: describeSource(cluster),
    binlog: 'unknown' in parameters ? parameters : readBinlogOf(cluster, parameters.value),
    backtracks: unasked,
    upgrades: unasked,
    blueGreens: unasked,
    activity: unasked,
  };
};
