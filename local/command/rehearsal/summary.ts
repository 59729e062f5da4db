import { describeSeconds, secondsBetween } from '../../../shared/instants.ts';
import type { RehearsalDocument } from '../../../shared/rehearsal/document.ts';
import { describeBlocked, describeTook, longestBlocked } from '../../../shared/rehearsal/figures.ts';
import { explainRehearsal, explainUndo } from '../../../shared/rehearsal/words.ts';
import { formatNumber } from '../../../shared/result/format.ts';
import { ellipsize } from '../../../shared/words.ts';
import { alignColumns, toLine } from '../columns.ts';
import type { Paint } from '../paint.ts';
import type { Rehearsed } from './run.ts';

/** The summary for a terminal: the verdict, the statements, the findings, and what to do. */
export const summarizeRehearsal = ({ rehearsal, rowsWritten, changes }: Rehearsed, paint: Paint): string => {
  const { sentence, meaning, steps } = explainRehearsal(rehearsal);
  const toDo = steps.map(({ words, source }) => (source === null ? words : `${words}: ${source}`));
  const { failure, measured } = rehearsal;
  return [
    (failure === null ? paint.good : paint.bad)(toLine(sentence)),
    ...(measured === null ? [] : [listStatements(measured.statements)]),
    listLines('', [
      ...(failure === null || (failure.phase === 'RehearseChange' && measured !== null)
        ? []
        : [`${failure.error} in ${failure.phase}: ${failure.cause}`]),
      ...meaning,
    ]),
    listLines('what to do: ', toDo),
    listLines('', [
      ...explainUndo(rehearsal),
      ...changes.map((change) => `SQL file: ${change}`),
      describeTimes(rehearsal),
      ...(rowsWritten === null ? [] : [`written to production meanwhile: ${formatNumber(rowsWritten)} rows`]),
    ]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
};

const listLines = (label: string, lines: readonly string[]): string =>
  lines.map((line) => `  ${label}${toLine(line)}`).join('\n');

const maxSqlLength = 100;

const listStatements = (statements: NonNullable<RehearsalDocument['measured']>['statements']): string =>
  alignColumns(
    [
      ['no.', 'took', 'blocked reads', 'blocked writes', 'statement'],
      ...statements.map((statement) => [
        String(statement.number),
        describeTook(statement),
        describeBlocked(longestBlocked(statement, 'blockedRead')),
        describeBlocked(longestBlocked(statement, 'blockedWrite')),
        ellipsize(toLine(statement.sql), maxSqlLength),
      ]),
    ],
    [0, 1, 2, 3],
  );

/** Making a clone takes another time in AWS. The statements alone tell of the change. */
const describeTimes = ({ phases }: RehearsalDocument): string => {
  const begin = phases.find(({ name }) => name === 'RestoreCluster')?.startedAt;
  const change = phases.find(({ name }) => name === 'RehearseChange');
  if (begin === undefined || change === undefined) return 'no statement was run';
  return `clone ready after ${describeSeconds(secondsBetween(begin, change.startedAt))}, rehearsed in ${describeSeconds(change.seconds)}`;
};
