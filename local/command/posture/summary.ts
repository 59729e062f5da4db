import {
  type ClusterPosture,
  countFindings,
  type PostureDocument,
} from '../../../shared/posture/document.ts';
import type { Finding, PostureVerdict } from '../../../shared/posture/finding.ts';
import { countAll, describeStanding, describeUnknown } from '../../../shared/posture/words.ts';
import { formatInstant, formatNumber } from '../../../shared/result/format.ts';
import { countOf, ellipsize, listSome } from '../../../shared/words.ts';
import { toLine } from '../columns.ts';
import { describeMail } from '../mail.ts';
import type { Paint } from '../paint.ts';
import { listDenied } from './denied.ts';
import type { Look } from './look.ts';

/** A fleet may fail a thousand rules. The page has them all. */
const mostClusters = 20;
const mostNames = 10;
const maxFailureLength = 160;

/** Of one day of a story: what people were told, if anything. */
export const summarizeDay = ({ document, day }: Look, paint: Paint): string[] =>
  day === null
    ? []
    : [
        [
          paint.strong(toLine(`${formatInstant(document.checkedAt)}: ${day.title}`)),
          ...(day.messages.length === 0 ? ['  nobody is told anything'] : day.messages.flatMap(describeMail)),
          ...(day.failure === null
            ? []
            : [`  the run ends as failed: ${ellipsize(toLine(day.failure), maxFailureLength)}`]),
        ].join('\n'),
      ];

/** The summary for a terminal: how many fail, then cluster by cluster with the mends, worst first. */
export const summarizePosture = ({ document, day }: Look, paint: Paint): string => {
  const { region, checkedAt, clusters } = document;
  const odd = clusters.filter((one) => listOdd(one).length > 0);
  const well = clusters.filter((one) => listOdd(one).length === 0);
  const unknown = describeUnknown(document);
  const title = `Posture of ${region} at ${formatInstant(checkedAt)}: ${describeStanding(document)}`;
  return [
    paint.strong(toLine(title)),
    ...(countAll(document, 'fail') === 0 ? [] : [`  by rule: ${toLine(countByRule(document))}`]),
    ...odd.slice(0, mostClusters).map((one) => describeCluster(one, paint)),
    ...(odd.length <= mostClusters
      ? []
      : [`  and ${countOf(odd.length - mostClusters, 'more cluster', formatNumber)}: see the page`]),
    ...(well.length === 0 ? [] : [`  ${paint.good('nothing to mend:')} ${listNames(well)}`]),
    ...(unknown === null
      ? []
      : [listUnknown(unknown, document, paint), ...(day === null ? listHelp(document) : [])]),
  ].join('\n\n');
};

/** "backup-retention 12, two-zones 5": the rules that most clusters fail first. */
const countByRule = ({ clusters }: PostureDocument): string => {
  const failing = clusters.flatMap(({ findings }) => findings.filter(({ verdict }) => verdict === 'fail'));
  return [...Map.groupBy(failing, ({ rule }) => rule)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([rule, findings]) => `${rule} ${formatNumber(findings.length)}`)
    .join(', ');
};

/** Nothing fails, as far as everything could be read. */
export const isWell = (document: PostureDocument): boolean =>
  countAll(document, 'fail') + countAll(document, 'unreadable') + document.unreadable.length === 0;

/** What somebody should know of, in this order. */
const shown = ['fail', 'unreadable', 'waived'] as const satisfies PostureVerdict[];

const listOdd = ({ findings }: ClusterPosture): Finding[] =>
  shown.flatMap((verdict) => findings.filter((finding) => finding.verdict === verdict));

const describeCluster = (posture: ClusterPosture, paint: Paint): string => {
  const { cluster, engine, plans } = posture;
  const drilled = plans.length === 0 ? 'no plan' : `plan ${plans.join(', ')}`;
  const fails = countFindings(posture, 'fail');
  return [
    `  ${paint.strong(toLine(`${cluster} (${engine}, ${drilled}): fails ${fails === 0 ? 'no rule' : countOf(fails, 'rule')}`))}`,
    ...listOdd(posture).flatMap((finding) => describeFinding(finding, paint)),
  ].join('\n');
};

const verdictWidth = 'unreadable'.length;

const describeFinding = ({ rule, verdict, expected, seen, why, mend }: Finding, paint: Paint): string[] => {
  const colour = verdict === 'waived' ? paint.quiet : paint.bad;
  const words = [seen, expected === null ? null : `expected ${expected}`, why];
  const mends = verdict === 'fail' ? [mend?.command && `$ ${mend.command}`, mend?.note] : [];
  return [
    `    ${colour(verdict.padEnd(verdictWidth))}  ${toLine(`${rule}: ${joinKnown(words)}`)}`,
    ...mends.flatMap((line) => (line ? [`    ${' '.repeat(verdictWidth)}  ${toLine(line)}`] : [])),
  ];
};

const joinKnown = (words: readonly (string | null)[]): string =>
  words.filter((part) => part !== null).join('; ');

const listNames = (clusters: readonly ClusterPosture[]): string => {
  const names = clusters.map(({ cluster }) => cluster);
  return toLine(listSome(names, mostNames));
};

/** What could not be read. */
const listUnknown = (unknown: string, document: PostureDocument, paint: Paint): string => {
  const { unreadable } = document;
  const left = unreadable.length - mostNames;
  return [
    `  ${paint.bad(toLine(unknown))}`,
    ...unreadable.slice(0, mostNames).map(({ cluster, reason }) => `    ${toLine(`${cluster}: ${reason}`)}`),
    ...(left > 0 ? [`    and ${countOf(left, 'more cluster', formatNumber)}: see the page`] : []),
  ].join('\n');
};

/** How the credentials of an account could read more. */
const listHelp = (document: PostureDocument): string[] =>
  listDenied(document).map(
    (action) => `  denied: ${action}; npm run posture -- --policy prints the policy that allows it`,
  );
