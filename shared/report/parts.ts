import { type ComponentChild, Fragment, h } from 'preact';
import { formatInstant, makeVisible } from '../result/format.ts';
import { takeCharacters } from '../words.ts';

/** Texts of a result are hostile: none may change the direction of the text around it, or hide characters. */
export const text = (value: string): ComponentChild => h('bdi', null, makeVisible(value));

const maxShownLength = 280;

/** A long text shows its beginning, and all of it on demand, without a script. */
export const longText = (value: string, most = maxShownLength): ComponentChild => {
  const visible = makeVisible(value);
  const beginning = takeCharacters(visible, most);
  if (beginning === null) return h('bdi', { class: 'clip' }, visible);
  return h('details', null, [
    h('summary', null, [
      h('bdi', { class: 'clip' }, `${beginning}…`),
      h('span', { class: 'muted screen-only' }, ` all ${visible.length.toLocaleString('en-US')} characters`),
    ]),
    h('div', { class: 'whole', dir: 'auto' }, visible),
  ]);
};

/** An instant for people; the attribute has the exact one. */
export const time = (iso: string): ComponentChild =>
  h('time', { datetime: iso, class: 'numeric' }, formatInstant(iso));

/** @param name of the heading, to jump to */
export const section = (name: string, heading: string, ...body: ComponentChild[]): ComponentChild =>
  h('section', { 'aria-labelledby': name }, [h('h2', { id: name }, heading), ...body]);

export const facts = (pairs: [label: string, value: ComponentChild][]): ComponentChild =>
  h(
    'dl',
    { class: 'facts' },
    pairs.map(([label, value]) => h(Fragment, null, [h('dt', null, label), h('dd', null, value)])),
  );

/** `isPlain` speaks for itself: it has no label where rows are stacked. `width` is a CSS length. */
export type Column = {
  label: string;
  width?: string;
  isNumeric?: boolean;
  isName?: boolean;
  isPlain?: boolean;
};
/** Paper holds only so many rows. */
export type Row = { cells: ComponentChild[]; isUnprinted?: boolean };

/**
 * A table. Class `stacked` shows stacked rows on a phone. The roles repeat what the elements mean: some browsers forget
 * it where a style changes how a table is displayed.
 */
export const table = (
  caption: ComponentChild,
  columns: Column[],
  rows: Row[],
  kind = 'stacked',
): ComponentChild =>
  h('table', { class: kind, role: 'table' }, [
    h('caption', null, caption),
    h(
      'colgroup',
      null,
      columns.map(({ width }) => h('col', { style: width && `width: ${width}` })),
    ),
    h(
      'thead',
      { role: 'rowgroup' },
      h(
        'tr',
        { role: 'row' },
        columns.map(({ label, isNumeric }) =>
          h('th', { scope: 'col', role: 'columnheader', class: isNumeric && 'numeric' }, label),
        ),
      ),
    ),
    h(
      'tbody',
      { role: 'rowgroup' },
      rows.map(({ cells, isUnprinted }) =>
        h('tr', { role: 'row', class: isUnprinted && 'screen-only' }, cells.map(cellIn(columns))),
      ),
    ),
  ]);

const cellIn =
  (columns: Column[]) =>
  (cell: ComponentChild, index: number): ComponentChild => {
    const { label, isNumeric, isName, isPlain } = columns[index] ?? { label: '' };
    if (isName) return h('th', { scope: 'row', role: 'rowheader' }, cell);
    return h(
      'td',
      { role: 'cell', 'data-label': isPlain ? undefined : label, class: isNumeric && 'numeric' },
      cell,
    );
  };
