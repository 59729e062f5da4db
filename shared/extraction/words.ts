import { formatInstant, formatNumber } from '../result/format.ts';
import { dialectOf } from '../sql/tokens.ts';
import { countVerdicts } from '../truth/checks.ts';
import { countOf } from '../words.ts';
import type { ExtractDocument, ExtractSandbox, TableOutcome } from './document.ts';

/** The verdict in words, what it means, and what to do next, in order. Names in them are still hostile input. */
export type ExtractWords = { sentence: string; meaning: string[]; steps: string[] };

export const explainExtract = (extract: ExtractDocument): ExtractWords => ({
  sentence: `${describeVerdict(extract)}.`,
  meaning: [
    ...listFailedChecks(extract),
    ...extract.tables.flatMap(describeTable),
    ...(extract.changes === null ? [] : [`Production since then: ${extract.changes.summary}.`]),
    ...(extract.tablesNow === '' ? [] : [`In production, as it is now: ${extract.tablesNow}.`]),
    ...(extract.sideEffects === '' ? [] : [`In the copy: ${extract.sideEffects}.`]),
    ...extract.otherFailures.map(({ phase, error, cause }) => `Then ${error} in ${phase}: ${cause}`),
  ],
  steps: listSteps(extract),
});

const describeVerdict = (extract: ExtractDocument): string => {
  const { failure, dryRun, sandbox, tables, checks, tablesNow } = extract;
  const [is, was] = tables.length > 1 ? ['are', 'were'] : ['is', 'was'];
  const what = nameTables(extract);
  const when = toWhen(extract);
  if (sandbox === null) return `${what} ${was} not extracted: nothing was restored`;
  if (dryRun && failure === null && tablesNow !== '')
    return `Nothing was made: sandbox ${sandbox.name} can take tables, but production would not give ${what} now, and may not have as of ${when}`;
  if (dryRun && failure === null)
    return `Nothing was made: ${what} can be extracted into sandbox ${sandbox.name}, as of ${when}`;
  if (sandbox.state === 'not made')
    return `${what} ${was} not extracted: nothing was written to sandbox ${sandbox.name}`;
  const { passed, failed } = countVerdicts(checks);
  const place = `${what} ${is} in sandbox ${sandbox.name} as of ${when}`;
  const all = countOf(checks.length, 'check', formatNumber);
  if (failed > 0) return `${place}, but ${formatNumber(failed)} of ${all} failed`;
  if (sandbox.state === 'incomplete')
    return `${what} ${is} not whole in sandbox ${sandbox.name}: schema ${sandbox.schema} is incomplete`;
  const rows = countOf(sumRows(tables), 'row', formatNumber);
  const later = failure === null ? '' : '; a later step failed';
  return `${place}: ${rows}, ${formatNumber(passed)} of ${all} passed${later}`;
};

/** "public.orders of shop", or "public.orders and 2 more of shop". */
const nameTables = ({ tables, source, plan }: ExtractDocument): string => {
  const [first] = tables;
  const of = source ?? plan ?? 'the cluster';
  if (first === undefined) return `What was asked for of ${of}`;
  return `${first.table}${tables.length > 1 ? ` and ${tables.length - 1} more` : ''} of ${of}`;
};

/** "2026-11-19 16:00:00 UTC", or the latest time. */
const toWhen = ({ restore: { reached, restoreTo } }: ExtractDocument): string => {
  const instant = reached ?? restoreTo;
  return instant === null ? 'the latest time' : formatInstant(instant);
};

export const sumRows = (tables: readonly TableOutcome[]): number =>
  tables.reduce((sum, { rows }) => sum + (rows ?? 0), 0);

const listFailedChecks = ({ checks }: ExtractDocument): string[] =>
  checks
    .filter(({ verdict }) => verdict !== 'passed')
    .toSorted((one, other) => (one.verdict < other.verdict ? -1 : 1))
    .map(({ name, verdict, reason }) => `${name}: ${verdict}, ${reason}`);

/** What somebody has to know of a table, and would not expect. */
const describeTable = ({ table, where, isParent, partitions, leftOut }: TableOutcome): string[] => [
  ...(isParent ? [`${table} came along: a foreign key points to it.`] : []),
  ...(where === null ? [] : [`Of ${table}, only rows where ${where} were asked for.`]),
  ...(partitions === 'as one table' ? [`${table} is one table in the sandbox, without its partitions.`] : []),
  ...leftOut.map((sentence) => `${table}: ${sentence}`),
];

const listSteps = ({ failure, dryRun, sandbox, bringBack, engine }: ExtractDocument): string[] => {
  if (failure === null && dryRun) return ['start it without dryRun, and the tables are extracted'];
  const when = sandbox?.state === 'incomplete' ? 'before another try' : 'when nobody needs it';
  const removal =
    sandbox === null || sandbox.state === 'not made'
      ? []
      : [`${when}, drop it by hand: ${describeDrop(sandbox, engine)}`];
  if (failure !== null) return [failure.hint, ...removal];
  return [
    ...(sandbox === null ? [] : [`look at it in ${describePlace(sandbox)}`]),
    ...(bringBack.length === 0
      ? []
      : [
          'to bring rows back, have somebody read the SQL in the report first: nothing was written to production',
        ]),
    ...removal,
  ];
};

/** "database sandbox of dev-aurora, schema extract_shop_20261119160000_7a8b9c0d". */
export const describePlace = ({ cluster, database, schema }: ExtractSandbox): string =>
  `database ${database} of ${cluster}, schema ${schema}`;

/** The name of the schema is ours, and needs no quotes. */
const describeDrop = ({ schema }: ExtractSandbox, engine: string | null): string =>
  engine !== null && dialectOf(engine) === 'mysql'
    ? `drop database ${schema}`
    : `drop schema ${schema} cascade`;
