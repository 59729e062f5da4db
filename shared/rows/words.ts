import { ellipsize, listSome } from '../words.ts';
import type { ChangedColumn } from './changed-columns.ts';

const mostKeys = 10;
const mostKeyLength = 40;
const mostListLength = 160;
const mostColumns = 3;

const inParentheses = (parts: readonly string[]): string =>
  parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(', ')})`;

/**
 * The first keys of so many rows: "id 7, 300007 and 8 more". Empty for a table without a key.
 * @param columns of the key
 */
export const listKeys = (
  columns: readonly string[],
  keys: readonly (readonly string[])[],
  rows: number,
): string => {
  if (keys.length === 0 || columns.length === 0) return '';
  const texts = keys
    .slice(0, mostKeys)
    .map((key) => inParentheses(key.map((value) => ellipsize(value, mostKeyLength))));
  let length = 0;
  const listed = texts.filter((text, index) => {
    length += text.length + 2;
    return index === 0 || length <= mostListLength;
  });
  const more = rows - listed.length;
  const rest = more > 0 ? ` and ${more.toLocaleString('en-US')} more` : '';
  return `${inParentheses(columns)} ${listed.join(', ')}${rest}`;
};

/** "in amount, placed_at and 2 more", the one that differs in most rows first. Empty if none is known. */
export const listColumns = (columns: readonly ChangedColumn[]): string =>
  columns.length === 0
    ? ''
    : `in ${listSome(
        columns.map(({ column }) => ellipsize(column, mostKeyLength)),
        mostColumns,
      )}`;
