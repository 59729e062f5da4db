import type { ExtractSandbox } from '../../../shared/extraction/document.ts';
import { describePlace, explainExtract } from '../../../shared/extraction/words.ts';
import { formatNumber } from '../../../shared/result/format.ts';
import { countOf } from '../../../shared/words.ts';
import { describeHappened } from '../accidents.ts';
import { alignColumns, toLine } from '../columns.ts';
import type { Paint } from '../paint.ts';
import type { Seen, SeenTable } from './look.ts';
import type { Extracted } from './run.ts';

/** The summary for a terminal: the verdict, what is in the sandbox, what production has changed since, and what to do. */
export const summarizeExtract = (extracted: Extracted, paint: Paint): string => {
  const { extract, seen, happened, rowsWritten, changes } = extracted;
  const { failure, sandbox } = extract;
  // What production has changed is told below, table by table.
  const { sentence, meaning, steps } = explainExtract({ ...extract, changes: null });
  return [
    (failure === null ? paint.good : paint.bad)(toLine(sentence)),
    ...(sandbox === null || seen === null ? [] : showSandbox(sandbox, seen, paint)),
    listLines([
      ...(failure === null ? [] : [`${failure.error} in ${failure.phase}: ${failure.cause}`]),
      ...meaning,
      ...changes.map((change) => `SQL file: ${change}`),
      ...(happened === null ? [] : [`accident: ${describeHappened(happened)}`]),
    ]),
    ...listChanged(extracted),
    listLines(steps.map((step) => `what to do: ${step}`)),
    listLines(
      rowsWritten === null ? [] : [`written to production meanwhile: ${formatNumber(rowsWritten)} rows`],
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
};

const listLines = (lines: readonly string[]): string => lines.map((line) => `  ${toLine(line)}`).join('\n');

const showSandbox = (sandbox: ExtractSandbox, { comment, tables }: Seen, paint: Paint): string[] => [
  listLines([`${describePlace(sandbox)}:`, comment ?? 'without a comment']),
  ...tables.map((table) => showTable(table, paint)),
];

const showTable = ({ table, rows, columns, first }: SeenTable, paint: Paint): string => {
  const title = `  ${toLine(table)}, ${countOf(rows, 'row', formatNumber)}:`;
  const cells = [columns, ...first.map((row) => row.map((value) => value ?? 'NULL'))];
  return `${title}\n${paint.quiet(alignColumns(cells, []))}`;
};

/** With the keys of the first rows. */
const listChanged = ({ extract: { changes }, happened, rowsWritten }: Extracted): string[] => {
  if (changes === null) return [];
  const by = [...(happened === null ? [] : ['by it']), ...(rowsWritten === null ? [] : ['by others'])];
  const title = ['changed in production since then', by.join(' and ')]
    .filter((part) => part !== '')
    .join(', ');
  return [[`  ${title}:`, ...changes.lines.map((line) => `    ${toLine(line)}`)].join('\n')];
};

/** What is left on this machine. */
export const describeStanding = ({ own, extract: { sandbox } }: Extracted): string => {
  if (own === null)
    return '  nothing of it stands on this machine any more: --into URL extracts into your own database, where it stays';
  const isMade = sandbox !== null && sandbox.state !== 'not made';
  return `  ${isMade ? 'it stays' : 'nothing was made'} in ${own.database} on ${own.host}:${own.port}`;
};
