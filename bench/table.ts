import { alignColumns } from '../local/command/columns.ts';
import type { Row } from './measure.ts';

/** The widest a line gets, in columns. */
const lineWidth = 120;
/** The widest a cell of the two columns of prose gets; the figures and the gaps need the rest. */
const cellWidth = 46;

/** Breaks a text between words; a word that is longer than a line is cut. */
const wrapWords = (text: string, width: number): string[] => {
  const lines = [''];
  for (const word of text.split(' ').flatMap((one) => one.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [])) {
    const longer = [lines.at(-1), word].filter(Boolean).join(' ');
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};

const listLines = ({ name, ours, other, ratio }: Row, index: number): string[][] => {
  const names = wrapWords(name, cellWidth);
  const others = wrapWords(other, cellWidth);
  return Array.from({ length: Math.max(names.length, others.length) }, (_, line) => [
    line === 0 ? String(index + 1) : '',
    names[line] ?? '',
    line === 0 ? ours : '',
    others[line] ?? '',
    line === 0 && ratio !== null ? ratio.toFixed(2) : '',
  ]);
};

/** The rows as a table for a terminal of 120 columns, and below it the notes, by the rows' numbers. */
export const showRows = (rows: readonly Row[]): string => {
  const table = alignColumns(
    [['#', 'what', 'ours', 'compared with', 'ratio'], ...rows.flatMap(listLines)],
    [0, 2, 4],
  );
  const notes = rows.flatMap(({ note }, index) =>
    wrapWords(note, lineWidth - 8).map((line, at) => [at === 0 ? String(index + 1) : '', line]),
  );
  return `${table}\n\n${alignColumns([['#', 'note'], ...notes], [0])}`;
};
