import { createHash } from 'node:crypto';
import { byKind } from '../database/definitions.ts';
import type { Definition } from '../database/port.ts';
import { countOf, ellipsize, listSome } from '../words.ts';
import type { BlankCheck, CheckResult, Comparability } from './checks.ts';

/** What the baseline knows of the definitions of one kind. */
export type KindFigures = {
  kind: string;
  count: number;
  /** Of all together, eight hexadecimal digits. */
  hash: string;
  /** Each by its name, in order, with its eight digits. Null where there is no room for them in the state data. */
  each: { names: string[]; hashes: string } | null;
  /** Those that production changed around T. */
  unsettled: string[];
};

/** Null: they could not be read, and `unread` says why. */
export type DefinitionFigures = { kinds: KindFigures[] | null; unread: string | null };

/** What is the same before and after T, as hashes. */
export const summarizeDefinitions = (
  early: readonly Definition[],
  late: readonly Definition[],
): DefinitionFigures => settleDefinitions(listHashes(early), late);

/** The figures of one look, of which the texts need not be kept until the next. */
export const listHashes = (definitions: readonly Definition[]): DefinitionFigures => ({
  kinds: [...byKind(definitions)].map(([kind, texts]) => summarizeKind(kind, [...texts.keys()], texts, [])),
  unread: null,
});

/** What is the same in the figures of an earlier look and now. */
export const settleDefinitions = (
  { kinds, unread }: DefinitionFigures,
  late: readonly Definition[] | { unread: string },
): DefinitionFigures => {
  if (kinds === null) return { kinds, unread };
  if ('unread' in late) return { kinds: null, unread: late.unread };
  const [before, after] = [new Map(kinds.map((figures) => [figures.kind, figures])), byKind(late)];
  const settled = [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .map((kind) =>
      settleKind(before.get(kind) ?? summarizeKind(kind, [], new Map(), []), after.get(kind) ?? new Map()),
    );
  const open = settled.flatMap((figures) => (typeof figures === 'string' ? [figures] : []));
  return open.length === 0
    ? { kinds: settled.filter((figures) => typeof figures !== 'string'), unread: null }
    : {
        kinds: null,
        unread: `production changed ${listSome(open, 5)}, and their names did not fit into the state data`,
      };
};

/** @returns the kind alone, where it is not the same and nobody knows which of it changed */
const settleKind = (
  { kind, count, hash: whole, each, unsettled }: KindFigures,
  texts: ReadonlyMap<string, string>,
): KindFigures | string => {
  const all = [...texts.keys()].sort();
  if (each === null) {
    const isSame = all.length === count && hashAll(all, texts) === whole;
    return isSame ? { kind, count, hash: whole, each, unsettled } : kind;
  }
  const names = each.names.filter(
    (name, index) => texts.has(name) && !isOther(texts.get(name), each.hashes, index),
  );
  const same = new Set(names);
  const changed = [...new Set([...each.names, ...all])].filter((name) => !same.has(name));
  return summarizeKind(kind, names, texts, changed);
};

const summarizeKind = (
  kind: string,
  unordered: readonly string[],
  texts: ReadonlyMap<string, string>,
  unsettled: readonly string[],
): KindFigures => {
  const names = unordered.toSorted();
  return {
    kind,
    count: names.length,
    hash: hashAll(names, texts),
    each: { names, hashes: names.map((name) => hash(texts.get(name) ?? '')).join('') },
    unsettled: unsettled.toSorted(),
  };
};

/** The same with less: a finding then names the kind alone. */
export const withoutNames = ({ kinds, unread }: DefinitionFigures): DefinitionFigures => ({
  kinds: kinds?.map((figures) => ({ ...figures, each: null })) ?? null,
  unread,
});

const hashAll = (names: readonly string[], texts: ReadonlyMap<string, string>): string =>
  hash(JSON.stringify(names.map((name) => [name, texts.get(name)])));

/** Eight hexadecimal digits: one change in four billion goes unseen. */
const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

export type DefinitionBasis = {
  baseline: Comparability;
  /** Did production change definitions around T? Then one may have been changed and changed back. */
  hasChanges: boolean;
};

/** One check for each kind: the copy has what production had, and nothing else. */
export const compareDefinitions = (
  { kinds, unread }: DefinitionFigures,
  restored: readonly Definition[],
  basis: DefinitionBasis,
): CheckResult[] => {
  if (kinds === null) return [skipDefinitions(unread ?? 'production could not be read')];
  const found = byKind(restored);
  const known = new Set(kinds.map(({ kind }) => kind));
  const others = [...found.keys()].filter((kind) => !known.has(kind));
  const all = [
    ...kinds,
    ...others.map((kind) => ({ kind, count: 0, hash: '', each: { names: [], hashes: '' }, unsettled: [] })),
  ];
  return all.map((figures) => compareKind(figures, found.get(figures.kind) ?? new Map(), basis));
};

export const skipDefinitions = (reason: string): CheckResult => ({
  name: 'definitions',
  kind: 'schema',
  table: null,
  expected: null,
  actual: null,
  tolerance: null,
  verdict: 'skipped',
  reason,
});

export const makeDefinitionsCheck = ({ kind, count }: KindFigures): BlankCheck => ({
  name: `definitions ${kind}`,
  kind: 'schema',
  table: null,
  expected: countOf(count, 'definition'),
  actual: null,
  tolerance: null,
});

const compareKind = (
  figures: KindFigures,
  restored: Map<string, string>,
  { baseline, hasChanges }: DefinitionBasis,
): CheckResult => {
  const { unsettled } = figures;
  const settled = [...restored.keys()].filter((name) => !unsettled.includes(name)).sort();
  const check = { ...makeDefinitionsCheck(figures), actual: countOf(settled.length, 'definition') };
  const difference = describeDifference(figures, settled, restored);
  const open = unsettled.length === 0 ? '' : `; changed by production meanwhile: ${listNames(unsettled)}`;
  if (difference === null) return { ...check, verdict: 'passed', reason: `all are the same${open}` };
  if (baseline === 'none') {
    const reason = `${difference}, compared with production now, not at the time restored to`;
    return { ...check, verdict: 'skipped', reason };
  }
  const reason = hasChanges
    ? `${difference}; production changed definitions during the instant, so these may be from then`
    : difference;
  return { ...check, verdict: hasChanges ? 'skipped' : 'failed', reason };
};

/** A function's name holds its arguments, which may be long. */
const listNames = (names: readonly string[]): string =>
  listSome(
    names.map((name) => ellipsize(name, 120)),
    5,
  );

const describeDifference = (
  { kind, each, hash: whole, count }: KindFigures,
  settled: readonly string[],
  restored: ReadonlyMap<string, string>,
): string | null => {
  if (each === null) {
    const isSame = settled.length === count && hashAll(settled, restored) === whole;
    return isSame ? null : `the ${kind} differ, and are too many to tell which`;
  }
  const { names, hashes } = each;
  const expected = new Set(names);
  const parts: [string, string[]][] = [
    ['lacks', names.filter((name) => !restored.has(name))],
    ['has another definition of', names.filter((name, index) => isOther(restored.get(name), hashes, index))],
    ['also has', settled.filter((name) => !expected.has(name))],
  ];
  const found = parts.filter(([, listed]) => listed.length > 0);
  if (found.length === 0) return null;
  return `the restored copy ${found.map(([what, listed]) => `${what} ${listNames(listed)}`).join(' and ')}`;
};

const isOther = (text: string | undefined, hashes: string, index: number): boolean =>
  text !== undefined && hash(text) !== hashes.slice(8 * index, 8 * index + 8);
