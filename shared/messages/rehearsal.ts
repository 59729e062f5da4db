import type { RehearsalDocument, RehearsalFailure } from '../rehearsal/document.ts';
import { describeBlocked, describeLimits, describeTook, longestBlocked } from '../rehearsal/figures.ts';
import { describeContender, explainRehearsal, explainUndo } from '../rehearsal/words.ts';
import { formatInstant } from '../result/format.ts';
import { cutAfterWord } from '../words.ts';
import { cutFailure, cutLine, toTitle } from './cut.ts';
import { rehearsalKey } from './keys.ts';
import { describeLeft } from './left-behind.ts';
import type { Message, MessageKind } from './message.ts';

/** A script may have 200 statements. The report has all of it. */
const mostLines = 8;
const mostSteps = 5;
const mostStatements = 8;
const maxSqlLength = 120;

/**
 * The message about a rehearsal: what the change would do to others, or why that is not known.
 * @param reportPlace where the report is filed
 */
export const describeRehearsal = (rehearsal: RehearsalDocument, reportPlace: string): Message => {
  const { failure, id, endedAt } = rehearsal;
  const { sentence, meaning, steps } = explainRehearsal(rehearsal);
  const kind = kindOf(rehearsal);
  const cause = failure === null ? [] : [`${failure.error} in ${failure.phase}: ${failure.cause}`];
  const left = meaning.length - mostLines;
  return {
    kind,
    title: toTitle(`${titles[kind] ?? ''}: ${sentence}`),
    happened: [
      sentence,
      // The sentence has the verdict already.
      ...(kind === 'rehearsal-failed' ? cause : []),
      ...meaning.slice(0, mostLines),
      ...(left > 0 ? [`The report has ${left} more.`] : []),
      ...(kind === 'rehearsal-safe' ? explainUndo(rehearsal) : []),
    ].map(cutLine),
    toDo: [...steps.slice(0, mostSteps), ...steps.slice(mostSteps).slice(-1)].map(({ words, source: page }) =>
      cutLine(page === null ? words : `${words}: ${page}`),
    ),
    facts: listFacts(rehearsal, reportPlace),
    dedupKey: rehearsalKey(id),
    clusters: clustersOf(rehearsal),
    at: endedAt,
    details: detailsOf(rehearsal, reportPlace),
  };
};

/** The second message, only if something is left of the clone. @param reportPlace where the report is filed */
export const describeRehearsalTeardown = (
  rehearsal: RehearsalDocument,
  teardown: RehearsalFailure,
  reportPlace: string,
): Message =>
  describeLeft(
    { ...rehearsal, word: 'A rehearsal', copyWord: 'clone', copy: rehearsal.clone },
    teardown,
    reportPlace,
    detailsOf(rehearsal, reportPlace),
  );

const clustersOf = ({ source, clone }: RehearsalDocument): string[] =>
  [source, clone].filter((name) => name !== null);

/** Nothing is known of the change, or something else went wrong: that is no answer. */
const kindOf = ({ failure, dryRun, verdict }: RehearsalDocument): MessageKind => {
  if (failure === null) return dryRun ? 'rehearsal-checked' : 'rehearsal-safe';
  const isAnswer = failure.error === 'ChangeUnsafe' || failure.error === 'ChangeFailed';
  return isAnswer && verdict !== 'not measured' ? 'rehearsal-unsafe' : 'rehearsal-failed';
};

const titles: Partial<Record<MessageKind, string>> = {
  'rehearsal-safe': 'Change rehearsed',
  'rehearsal-unsafe': 'Change rehearsed',
  'rehearsal-failed': 'Rehearsal failed',
  'rehearsal-checked': 'Rehearsal checked',
};

const listFacts = (rehearsal: RehearsalDocument, reportPlace: string): Message['facts'] => {
  const { measured, clone, trigger, id, startedAt } = rehearsal;
  const statements = measured?.statements ?? [];
  const facts: Message['facts'] = [
    ...statements
      .slice(0, mostStatements)
      .map((statement): [string, string] => [
        `Statement ${statement.number}`,
        `${cutAfterWord(statement.sql.replace(/\s+/g, ' '), maxSqlLength)} took ${describeTook(statement)}; blocked reads ${describeBlocked(longestBlocked(statement, 'blockedRead'))}, blocked writes ${describeBlocked(longestBlocked(statement, 'blockedWrite'))}`,
      ]),
    ...(statements.length > mostStatements
      ? ([['And', `${statements.length - mostStatements} more statements`]] satisfies Message['facts'])
      : []),
    ['Limits', describeLimits(rehearsal.limits)],
    ['Contender', describeContender(rehearsal)],
    ['Clone', clone ?? 'none was made'],
    ['Report', reportPlace],
    [
      'Rehearsal',
      `${id}, started ${formatInstant(startedAt)}${trigger.reason === null ? '' : `: ${trigger.reason}`}`,
    ],
  ];
  return facts.map(([label, value]) => [label, cutLine(value)]);
};

const detailsOf = (rehearsal: RehearsalDocument, report: string): Message['details'] => {
  const { id, plan, source, dryRun, verdict, failure, limits, findings, measured } = rehearsal;
  return {
    rehearsalId: id,
    plan,
    source,
    dryRun,
    verdict,
    failure: failure && cutFailure(failure),
    limits,
    statements: measured?.statements.length ?? null,
    findings: findings.slice(0, mostLines).map((finding) => ({
      ...finding,
      table: finding.table && cutLine(finding.table),
      forWhom: finding.forWhom && cutLine(finding.forWhom),
      words: cutLine(finding.words),
    })),
    report,
  };
};
