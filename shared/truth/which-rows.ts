import { decodeKey } from '../database/row-lines.ts';
import { findApart } from '../rows/apart.ts';
import { type ChangedColumn, findChangedColumns } from '../rows/changed-columns.ts';
import { matchTables, type Side } from '../rows/matching.ts';
import { listColumns, listKeys } from '../rows/words.ts';
import { countOf, cutAfterWord } from '../words.ts';
import type { CheckResult } from './checks.ts';
import { type DamagedRows, findDamaged, type Rows } from './damaged-rows.ts';
import type { DigestFigures } from './digest.ts';
import type { Now, Production } from './production.ts';

/** A check of rows or values, and the ranges of its table whose digests differ. */
export type Suspicion = { check: string; table: string; figures: DigestFigures; ranges: number[] };

export type Looking = { copy: Now; production: Production; suspicions: readonly Suspicion[] };

/** One look takes no longer, and no more findings than this are looked into. */
const mostMs = 30_000;
const mostLooks = 5;
/** More rows than this are estimated from a sample. */
const mostFetched = 200_000;
const mostExamined = 100;

/**
 * Hands on checks in their order. The first that failed with suspect rows, and all after it, wait until everything else is
 * done. Then the suspect rows are compared with production as it is now, and the findings name those that differ.
 */
export async function* nameRows(
  checks: AsyncIterable<CheckResult>,
  looking: Looking,
): AsyncGenerator<CheckResult> {
  const held: CheckResult[] = [];
  try {
    for await (const check of checks) {
      if (held.length > 0 || findSuspicion(check, looking) !== undefined) held.push(check);
      else yield check;
    }
  } catch (error) {
    yield* held;
    throw error;
  }
  let looks = 0;
  for (const check of held) {
    const suspicion = findSuspicion(check, looking);
    if (suspicion === undefined) {
      yield check;
      continue;
    }
    looks += 1;
    yield addWords(check, looks > mostLooks ? tooMany : await look(suspicion, looking));
  }
}

/** What a look found. If it is certain, it comes first: a message shows the beginning of a reason. */
type Words = { words: string; isCertain: boolean };

const unknown = (why: string): Words => ({ words: `which rows is not known: ${why}`, isCertain: false });

const tooMany = unknown(`only ${mostLooks} findings are looked into`);

const findSuspicion = ({ name, verdict }: CheckResult, { suspicions }: Looking): Suspicion | undefined =>
  verdict === 'failed' ? suspicions.find(({ check }) => check === name) : undefined;

/** The longest reason that names rows. Beside a long one, at least so much is said of them. */
const mostWords = 600;
const leastWords = 200;

const addWords = (check: CheckResult, { words, isCertain }: Words): CheckResult => {
  const shown = cutAfterWord(words, Math.max(leastWords, mostWords - check.reason.length));
  const reasons = isCertain ? [shown, check.reason] : [check.reason, shown];
  return { ...check, reason: reasons.join('; ') };
};

const look = async (suspicion: Suspicion, { copy, production }: Looking): Promise<Words> => {
  const asked = await production.ask((now) => compareNow(copy, now, suspicion), mostMs);
  return 'unread' in asked ? unknown(asked.unread) : asked.answer;
};

/** Compares the suspect ranges, without what moved around the instant. */
const compareNow = async (
  copy: Now,
  now: Now,
  { table, figures, ranges: only }: Suspicion,
): Promise<Words> => {
  const [mine, theirs] = [copy.tables.get(table), now.tables.get(table)];
  if (mine === undefined || theirs === undefined) return unknown('production no longer has the table');
  const isAlike = mine.hashing === theirs.hashing && mine.key.join('\n') === theirs.key.join('\n');
  if (!isAlike) return unknown('the table has other columns or another key in production now');
  const left: Side = { reader: copy.reader, table: mine };
  const right: Side = { reader: now.reader, table: theirs };
  const match = matchTables(mine, theirs);
  const { content, ranges, resolution, parts } = figures;
  const leftOut = { resolution, buckets: (range: number) => parts[range]?.moved ?? [] };
  const apart = await findApart(
    { left, right, match },
    { content, ranges, only, leftOut },
    { mostFetched, mostListed: mostExamined },
  );
  const found = findDamaged(figures, apart);
  const examined = found.kinds.different.keys.slice(0, mostExamined);
  const { columns } = await findChangedColumns(left, right, examined, match);
  return { words: describeDamaged(match.key, found, columns), isCertain: found.isCertain };
};

/** "10 rows differ, in amount: id 7, 300007 and 8 more; 1 row is only in the copy: id 12". */
export const describeDamaged = (
  key: readonly string[],
  { kinds, isCertain, isExact, margin }: DamagedRows,
  columns: readonly ChangedColumn[],
): string => {
  const { different, onlyRight, onlyLeft } = kinds;
  const describe = ({ rows, keys }: Rows, says: (isOne: boolean) => string): string[] => {
    if (rows === 0) return [];
    const count = `${isExact ? '' : 'about '}${countOf(rows, 'row', (number) => number.toLocaleString('en-US'))}`;
    const listed = listKeys(key, keys.map(decodeKey), rows);
    return [`${count} ${says(rows === 1)}${listed === '' ? '' : `: ${listed}`}`];
  };
  const which = [
    ...describe(different, (isOne) =>
      [`differ${isOne ? 's' : ''}`, listColumns(columns)].filter(Boolean).join(', '),
    ),
    ...describe(onlyRight, (isOne) => `${isOne ? 'is' : 'are'} only in production`),
    ...describe(onlyLeft, (isOne) => `${isOne ? 'is' : 'are'} only in the copy`),
  ];
  if (which.length === 0) return 'by now, production has the same rows there as the copy';
  return [
    ...which,
    ...(isExact ? [] : [`estimated from a sample, each give or take ${margin.toLocaleString('en-US')}`]),
    ...(key.length > 0 ? [] : ['rows of a table without a key cannot be named']),
    ...(isCertain ? [] : ['compared with production as it is now, so rows written since may be among them']),
  ].join('; ');
};
