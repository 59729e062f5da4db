import { type ComponentChild, h } from 'preact';
import { isAfter } from '../instants.ts';
import { longText, section, table, text, time } from '../report/parts.ts';
import { formatNumber } from '../result/format.ts';
import { countOf, listSome } from '../words.ts';
import { type ProofEntry, spreadTables } from './proofs.ts';

const maxNames = 3;

export const tablesStyle = `
  .tables { table-layout: fixed }`;

const columns = [
  { label: 'plan', width: '19%', isName: true },
  { label: 'tables', width: '15%' },
  { label: 'by rows', width: '33%' },
  { label: 'by values', width: '33%' },
];

/** How many tables of each plan were judged as a whole, and since when; nothing where no drill has told. */
export const renderTables = (proofs: readonly ProofEntry[]): ComponentChild => {
  const listed = proofs.filter(({ tables }) => tables.length > 0);
  return listed.length === 0
    ? null
    : section(
        'tables',
        'Tables judged as a whole',
        table(
          'Of the tables that the newest drill of each plan has checked: how many were compared as a whole, in this drill or an earlier one. Rows that had changed too lately to be judged are left out: a tenth of a table at most.',
          columns,
          listed.map((proof) => ({ cells: listCells(proof) })),
          'stacked tables',
        ),
      );
};

const listCells = (proof: ProofEntry): ComponentChild[] => [
  text(proof.plan),
  h('div', null, [
    countOf(spreadTables(proof).size, 'table', formatNumber),
    proof.listedAt && h('small', null, ['checked ', time(proof.listedAt)]),
  ]),
  renderJudged(proof, 'rows'),
  renderJudged(proof, 'values'),
];

const renderJudged = (proof: ProofEntry, what: 'rows' | 'values'): ComponentChild => {
  const all = [...spreadTables(proof)].map(([name, instants]) => ({ name, at: instants[what] }));
  const never = all.filter(({ at }) => at === null).map(({ name }) => name);
  const judged = all.length - never.length;
  return h('div', null, [
    `${formatNumber(judged)} of ${formatNumber(all.length)}`,
    renderOldest(findOldest(all), judged),
    never.length > 0 && h('small', null, ['never: ', nameSome(never)]),
  ]);
};

const nameSome = (names: readonly string[]): ComponentChild => longText(listSome(names, maxNames));

type Oldest = { at: string; names: string[] };

const renderOldest = (oldest: Oldest | null, judged: number): ComponentChild => {
  if (oldest === null) return null;
  const { at, names } = oldest;
  return h(
    'small',
    null,
    names.length === judged
      ? ['all since ', time(at)]
      : ['the oldest since ', time(at), ': ', nameSome(names)],
  );
};

/** The tables that were judged longest ago. */
const findOldest = (all: readonly { name: string; at: string | null }[]): Oldest | null => {
  const [first, ...others] = all.flatMap(({ at }) => at ?? []);
  if (first === undefined) return null;
  const oldest = others.reduce((one, other) => (isAfter(one, other) ? other : one), first);
  return { at: oldest, names: all.filter(({ at }) => at === oldest).map(({ name }) => name) };
};
