import { countOf, listSome } from '../words.ts';
import { placeFinding, type RehearsalDocument } from './document.ts';
import { describeBlocked, describeTook, longestBlocked } from './figures.ts';
import { describeMs, type Finding } from './findings.ts';
import type { ChangeMeasured } from './measured.ts';

/** The verdict in words, what it means, and what to do next, in order. Names in them are still hostile input. */
export type RehearsalWords = { sentence: string; meaning: string[]; steps: NextStep[] };

/** `source`: the address where it is described; it is our own. */
export type NextStep = { words: string; source: string | null };

export const explainRehearsal = (rehearsal: RehearsalDocument): RehearsalWords => ({
  sentence: `${describeVerdict(rehearsal)}.`,
  meaning: [
    ...rehearsal.findings.map((finding) => `${capitalize(`${placeFinding(finding)}${finding.words}`)}.`),
    ...rehearsal.notes,
    ...listUnmeasured(rehearsal),
    ...rehearsal.differences,
    ...(rehearsal.sideEffects === '' ? [] : [`In the clone: ${rehearsal.sideEffects}.`]),
    ...rehearsal.otherFailures.map(({ phase, error, cause }) => `Then ${error} in ${phase}: ${cause}`),
  ],
  steps: listSteps(rehearsal),
});

/** Each reason once, with the statements that it is of, unless it is of all. */
const listUnmeasured = ({ measured }: RehearsalDocument): string[] => {
  const statements = measured?.statements ?? [];
  const reasons = statements.flatMap(({ number, notMeasured }) =>
    notMeasured.map((why) => ({ why, number })),
  );
  return [...Map.groupBy(reasons, ({ why }) => why)].map(([why, of]) => {
    const numbers = of.map(({ number }) => String(number));
    const where = of.length === statements.length ? '' : ` of statement ${listSome(numbers, 8)}`;
    return `Not measured${where}: ${why}`;
  });
};

const nameOf = ({ source, plan }: RehearsalDocument): string => source ?? plan ?? 'the cluster';

const describeVerdict = (rehearsal: RehearsalDocument): string => {
  const { measured, verdict, dryRun, change, failure, findings } = rehearsal;
  const what = `the change of ${nameOf(rehearsal)}`;
  if (measured === null) {
    if (dryRun && failure === null)
      return `Nothing was made: ${what} can be rehearsed, ${change?.summary ?? 'as its script says'}`;
    return `${capitalize(what)} was not rehearsed: none of it was run`;
  }
  const [first] = findings;
  const why = first === undefined ? '' : `: ${placeFinding(first)}${headlineOf(first)}`;
  if (verdict === 'safe') return `${capitalize(what)} is safe: ${describeRun(measured)}`;
  if (verdict === 'unsafe') return `${capitalize(what)} is unsafe${why}`;
  return verdict === 'failed'
    ? `${capitalize(what)} does not run${why}`
    : `Not known whether ${what} is safe${why}`;
};

/** The finding without its limit, which is told below. */
const headlineOf = ({ what, forWhom, seenMs, words }: Finding): string => {
  if (forWhom === null) return words;
  if (what === 'unbounded wait')
    return `${forWhom} may wait ${seenMs === null ? 'without end' : `up to ${describeMs(seenMs)}`}`;
  return `${forWhom} waits ${describeMs(seenMs ?? 0)}`;
};

/** "2 statements in 2.2 s, the longest wait of a read is 201 ms, of a write 203 ms" */
const describeRun = ({ statements }: ChangeMeasured): string => {
  const longest = (side: 'blockedRead' | 'blockedWrite') =>
    Math.max(0, ...statements.map((statement) => longestBlocked(statement, side)));
  const [reads, writes] = [longest('blockedRead'), longest('blockedWrite')];
  const toMs = Math.max(0, ...statements.map((statement) => statement.toMs));
  const took = describeTook({ fromMs: statements[0]?.fromMs ?? 0, toMs });
  const waits =
    reads === 0 && writes === 0
      ? 'and nobody waits for it'
      : `the longest wait of a read is ${describeBlocked(reads)}, of a write ${describeBlocked(writes)}`;
  return `${countOf(statements.length, 'statement')} in ${took}, ${waits}`;
};

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const listSteps = (rehearsal: RehearsalDocument): NextStep[] => {
  const { failure, verdict, advice, dryRun } = rehearsal;
  if (dryRun && failure === null) return [step('start it without dryRun, and it is rehearsed on a clone')];
  const safer = advice.safer.map(({ statement, words, source }) => ({
    words: `statement ${statement}: ${words} (not rehearsed)`,
    source,
  }));
  if (failure !== null) return [...safer, step(failure.hint)];
  return verdict === 'safe'
    ? [
        step(
          'run it on production as it was rehearsed, with its lock timeouts, and repeat what gives up waiting',
        ),
      ]
    : safer;
};

const step = (words: string): NextStep => ({ words, source: null });

const mostUndos = 5;

/** How to go back after the change, in sentences. */
export const explainUndo = ({ advice }: RehearsalDocument): string[] =>
  advice.wayBack === null
    ? []
    : [
        ...(advice.undo.length === 0
          ? []
          : [
              `What would undo it: ${listSome(
                advice.undo.map(({ statement, words }) => `statement ${statement}: ${words}`),
                mostUndos,
              )}.`,
            ]),
        advice.wayBack,
      ];

/** The contender in a sentence. */
export const describeContender = ({ measured, contenderSeconds }: RehearsalDocument): string => {
  if (measured === null) return contenderSeconds === null ? 'not known' : describeSecondsOf(contenderSeconds);
  if (measured.contender === null) return 'none';
  const { seconds, tables } = measured.contender;
  return `a transaction of ${describeSecondsOf(seconds)} that had read ${tables.length === 0 ? 'no table' : listSome(tables, 4)}`;
};

const describeSecondsOf = (seconds: number): string => describeMs(seconds * 1000);
