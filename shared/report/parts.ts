import { type ComponentChild, Fragment, h } from 'preact';
import { formatInstant, makeVisible } from '../result/format.ts';
import { takeCharacters } from '../words.ts';

/** Texts of a result are hostile: each stands in an element that no text can turn around, with nothing invisible in it. */
export const text = (value: string): ComponentChild => h('bdi', null, makeVisible(value));

/** How many characters of a text are shown before somebody asks for the rest. */
const maxShownLength = 280;

/** A text of any length: what is too long shows its beginning, and the whole of it on demand, without a script. */
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

/** An instant for people; the exact one stands in the attribute. */
export const time = (iso: string): ComponentChild =>
  h('time', { datetime: iso, class: 'numeric' }, formatInstant(iso));

/** A part of the page under its own heading, which names it. @param name of its heading, to jump to */
export const section = (name: string, heading: string, ...body: ComponentChild[]): ComponentChild =>
  h('section', { 'aria-labelledby': name }, [h('h2', { id: name }, heading), ...body]);

/** Labels with what they stand for. */
export const facts = (pairs: [label: string, value: ComponentChild][]): ComponentChild =>
  h(
    'dl',
    { class: 'facts' },
    pairs.map(([label, value]) => h(Fragment, null, [h('dt', null, label), h('dd', null, value)])),
  );

/** What speaks for itself is `isPlain`: it goes without its label where rows are stacked. `width` is a length of CSS. */
export type Column = {
  label: string;
  width?: string;
  isNumeric?: boolean;
  isName?: boolean;
  isPlain?: boolean;
};
/** A row is printed unless it says otherwise: paper holds only so many. */
export type Row = { cells: ComponentChild[]; isUnprinted?: boolean };

/**
 * A table; one of class `stacked` is shown as stacked rows on a phone. The roles are those that its elements have by themselves; some
 * browsers forget them where a style changes how a table is displayed.
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
