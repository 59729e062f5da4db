import type { ExtractDocument, ExtractFailure, TableOutcome } from '../extraction/document.ts';
import { describePlace, explainExtract, sumRows } from '../extraction/words.ts';
import { describeBytes, formatInstant, formatNumber } from '../result/format.ts';
import { countVerdicts } from '../truth/checks.ts';
import { countOf } from '../words.ts';
import { cutFailure, cutLine, toTitle } from './cut.ts';
import { extractKey } from './keys.ts';
import { describeLeft } from './left-behind.ts';
import type { Message, MessageKind } from './message.ts';

const mostLines = 8;
const mostTables = 8;

/**
 * The message about an extract: where the tables are, what production has changed since, or what failed.
 * @param reportPlace where the report is filed
 */
export const describeExtract = (extract: ExtractDocument, reportPlace: string): Message => {
  const { failure, id, endedAt } = extract;
  const { sentence, meaning, steps } = explainExtract(extract);
  const kind = kindOf(extract);
  const left = meaning.length - mostLines;
  return {
    kind,
    title: toTitle(`${titles[kind] ?? ''}: ${sentence}`),
    happened: [
      sentence,
      ...(failure === null ? [] : [`${failure.error} in ${failure.phase}: ${failure.cause}`]),
      ...meaning.slice(0, mostLines),
      ...(left > 0 ? [`The report has ${left} more.`] : []),
    ].map(cutLine),
    toDo: steps.map(cutLine),
    facts: listFacts(extract, reportPlace),
    dedupKey: extractKey(id),
    clusters: clustersOf(extract),
    at: endedAt,
    details: detailsOf(extract, reportPlace),
  };
};

/** The second message, only if something is left of the copy. @param reportPlace where the report is filed */
export const describeExtractTeardown = (
  extract: ExtractDocument,
  teardown: ExtractFailure,
  reportPlace: string,
): Message =>
  describeLeft(
    { ...extract, word: 'An extract', copyWord: 'copy' },
    teardown,
    reportPlace,
    detailsOf(extract, reportPlace),
  );

const clustersOf = ({ source, copy, sandbox }: ExtractDocument): string[] =>
  [source, copy, sandbox === null ? null : sandbox.cluster].filter((name) => name !== null);

const kindOf = ({ failure, dryRun }: ExtractDocument): MessageKind =>
  failure !== null ? 'extract-failed' : dryRun ? 'extract-checked' : 'extract-done';

const titles: Partial<Record<MessageKind, string>> = {
  'extract-done': 'Tables extracted',
  'extract-failed': 'Extract failed',
  'extract-checked': 'Extract checked',
};

const listFacts = (extract: ExtractDocument, reportPlace: string): Message['facts'] => {
  const { tables, sandbox, copy, trigger, id, startedAt } = extract;
  const facts: Message['facts'] = [
    ...tables.slice(0, mostTables).map((table): [string, string] => ['Table', describeCopied(table)]),
    ...(tables.length > mostTables
      ? ([['And', countOf(tables.length - mostTables, 'more table')]] satisfies Message['facts'])
      : []),
    ['Place', sandbox === null ? 'none' : `${describePlace(sandbox)}: ${sandbox.state}`],
    ['Host', sandbox?.host ?? 'not known'],
    ['Copy', copy ?? 'none was made'],
    ['Report', reportPlace],
    [
      'Extract',
      `${id}, started ${formatInstant(startedAt)}${trigger.reason === null ? '' : `: ${trigger.reason}`}`,
    ],
  ];
  return facts.map(([label, value]) => [label, cutLine(value)]);
};

/** "public.orders, 500,000 rows, 120 MB, 7 of 16 ranges" */
const describeCopied = ({ table, rows, bytes, ranges }: TableOutcome): string =>
  [
    table,
    ...(rows === null ? [] : [countOf(rows, 'row', formatNumber)]),
    ...(bytes === null ? [] : [describeBytes(bytes)]),
    ...(ranges === null || ranges.done === ranges.all ? [] : [`${ranges.done} of ${ranges.all} ranges`]),
  ].join(', ');

const detailsOf = (extract: ExtractDocument, report: string): Message['details'] => {
  const { id, plan, source, dryRun, verdict, failure, restore, sandbox, tables, checks, changes } = extract;
  return {
    extractId: id,
    plan,
    source,
    dryRun,
    verdict,
    failure: failure && cutFailure(failure),
    restore,
    sandbox,
    tables: tables.length,
    rows: sumRows(tables),
    checks: countVerdicts(checks),
    changes: changes && cutLine(changes.summary),
    report,
  };
};
