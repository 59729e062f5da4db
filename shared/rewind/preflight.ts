import type { RewindFacts } from './facts.ts';
import type { Fact, Question, Readiness, TimedQuestion } from './readiness.ts';
import {
  checkBinlog,
  checkBlueGreen,
  checkGlobal,
  checkPending,
  checkReplicas,
  checkStatus,
} from './standing.ts';
import { checkBacktrack, checkEngine, checkRegion, checkWindow } from './support.ts';
import { checkActivity, checkCreation, checkLine, checkTime, checkUpgrade } from './target-time.ts';

/** Can the cluster be rewound? Every fact is looked at, whatever the others say. */
export const checkReadiness = (facts: RewindFacts, { to, now }: Question): Readiness => {
  const support = [checkEngine(facts), checkBacktrack(facts)];
  const isOff = support.some(({ isHeld }) => isHeld === false);
  if (isOff) return { verdict: 'off', facts: support };
  const all = [
    ...support,
    checkRegion(facts),
    checkWindow(facts, now),
    checkStatus(facts, to),
    checkPending(facts, to),
    checkGlobal(facts),
    checkReplicas(facts),
    checkBlueGreen(facts),
    checkBinlog(facts, to),
    ...(to === null ? [] : checkTarget(facts, { to, now })),
  ];
  return { verdict: all.every(({ isHeld }) => isHeld === true) ? 'ready' : 'blocked', facts: all };
};

const checkTarget = (facts: RewindFacts, question: TimedQuestion): Fact[] => [
  checkTime(facts, question),
  checkCreation(facts, question),
  checkUpgrade(facts, question),
  checkLine(facts, question),
  checkActivity(facts),
];
