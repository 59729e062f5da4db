import { makeVisible } from '../result/format.ts';
import { ellipsize } from '../words.ts';
import type { RehearsalDocument } from './document.ts';
import {
  describeBlocked,
  describeEffects,
  describeLimits,
  describeResults,
  describeTook,
  longestBlocked,
} from './figures.ts';
import type { StatementMeasured } from './measured.ts';
import { describeContender, explainRehearsal, explainUndo } from './words.ts';

/** A comment on a pull request holds 65,536 characters on GitHub. */
const mostStatements = 50;
const mostLines = 50;
const maxLineLength = 500;
const maxSqlLength = 160;

/**
 * The rehearsal for a pull request, to paste there. Names and statements in it are hostile: none makes a link, a mention, a
 * cell or any other markup.
 */
export const renderMarkdown = (rehearsal: RehearsalDocument): string => {
  const { verdict, measured, dryRun, id, endedAt } = rehearsal;
  const { sentence, meaning, steps } = explainRehearsal(rehearsal);
  const statements = measured?.statements ?? [];
  return `${[
    `## Rehearsal: ${dryRun ? 'dry run' : verdict}`,
    plain(sentence),
    ...listOf('Findings', meaning.map(plain)),
    ...(statements.length === 0 ? [] : [tableOf(statements)]),
    ...listOf(
      'What to do',
      steps.map(({ words, source }) =>
        source === null ? plain(words) : `${plain(words)}: [how](${source})`,
      ),
    ),
    ...listOf('How to undo it', explainUndo(rehearsal).map(plain)),
    plain(
      `Limits: ${describeLimits(rehearsal.limits)}. Contender: ${describeContender(rehearsal)}. Rehearsal ${id}, ended ${endedAt}.`,
    ),
  ].join('\n\n')}\n`;
};

/** @param lines in Markdown */
const listOf = (heading: string, lines: readonly string[]): string[] => {
  if (lines.length === 0) return [];
  const left = lines.length - mostLines;
  const shown = lines.slice(0, mostLines).map((line) => `- ${line}`);
  return [`### ${heading}`, [...shown, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n')];
};

const columns = ['no.', 'statement', 'took', 'blocked reads', 'blocked writes', 'what it did'];

const tableOf = (statements: readonly StatementMeasured[]): string => {
  const left = statements.length - mostStatements;
  return [
    rowOf(columns),
    rowOf(columns.map(() => '---')),
    ...statements.slice(0, mostStatements).map((statement) =>
      rowOf([
        String(statement.number),
        code(statement.sql),
        describeTook(statement),
        describeBlocked(longestBlocked(statement, 'blockedRead')),
        describeBlocked(longestBlocked(statement, 'blockedWrite')),
        plain(
          [
            ...statement.tables.flatMap((table) => {
              const effects = describeEffects(table);
              return effects.length === 0 ? [] : [`${table.table}: ${effects.join(', ')}`];
            }),
            ...describeResults(statement),
          ].join('; '),
        ),
      ]),
    ),
    ...(left > 0 ? [rowOf(['', `and ${left} more`, '', '', '', ''])] : []),
  ].join('\n');
};

const rowOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** As a character reference, a sign is a sign, and no markup. */
const refer = (sign: string): string => `&#${sign.codePointAt(0)};`;

const inOneLine = (text: string, most: number): string =>
  ellipsize(makeVisible(text).replace(/\s+/g, ' ').trim(), most);

/** A zero-width space parts what would notify somebody, or refer to an issue. */
const plain = (text: string): string =>
  inOneLine(text, maxLineLength)
    .replace(/[@#]/g, '$&\u200b')
    .replace(/(?<=www)\.|:(?=\/\/)|[\\`*_{}[\]<>|~&$!^=]/gi, refer);

/** Nobody is notified from inside of code. */
const code = (text: string): string =>
  `<code>${inOneLine(text, maxSqlLength).replace(/(?<=www)\.|[^\p{L}\p{N} .,;()-]/giu, refer)}</code>`;
