import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { DrillResult } from '../drill/document.ts';
import { isAfter } from '../instants.ts';
import { compareTexts } from '../words.ts';
import { listJudged } from './judged.ts';

/** What the drills of one plan have shown, whatever else they came to. Instants: when the drill began, ISO 8601. */
export type ProofEntry = {
  plan: string;
  /** The cluster that they drilled. Drills of another one, which the plan had before, show nothing of it. */
  source: string;
  /** Of the newest drill that has judged tables: `tables` are its tables. Null: none has. */
  listedAt: string | null;
  /** When they were last judged as a whole; null for never. Tables with the same answer stand together. */
  tables: (TableInstants & { names: string[] })[];
  /** What would act in a copy, and what could not be seen, in words, as the last drill that asked was told; null: none has. */
  sideEffects: { seen: string[]; unknown: string[]; at: string } | null;
};

type TableInstants = { rows: string | null; values: string | null };

const instant = z.iso.datetime();

// Loose: keys that a later version added must survive when this one writes the index.
export const proofEntry = z.looseObject({
  plan: z.string(),
  source: z.string(),
  listedAt: instant.nullable(),
  tables: z.array(
    z.looseObject({ rows: instant.nullable(), values: instant.nullable(), names: z.array(z.string()) }),
  ),
  sideEffects: z
    .looseObject({ seen: z.array(z.string()), unknown: z.array(z.string()), at: instant })
    .nullable(),
}) satisfies z.ZodType<ProofEntry>;

/** With what this drill has shown. Of two drills the later one counts, whichever was filed first. The very same list where nothing is new. */
export const addProof = (before: readonly ProofEntry[], result: DrillResult): readonly ProofEntry[] => {
  const shown = proofOf(result);
  if (shown === null) return before;
  const old = before.find(({ plan }) => plan === shown.plan);
  const added = old === undefined ? shown : addTo(old, shown);
  if (isDeepStrictEqual(old, added)) return before;
  const others = before.filter((one) => one !== old);
  return [...others, added].toSorted((one, other) => compareTexts(one.plan, other.plan));
};

const addTo = (old: ProofEntry, shown: ProofEntry): ProofEntry => {
  if (old.source === shown.source) return joinProofs(old, shown);
  return isAfter(lastOf(shown), lastOf(old)) ? shown : old;
};

/** When the last drill began that has shown any of it. */
const lastOf = ({ listedAt, sideEffects }: ProofEntry): string =>
  laterOf(listedAt, sideEffects?.at ?? null) ?? never;

const never = '0000-01-01T00:00:00Z';

/** Null: it has shown nothing of any plan. A dry run judges no table, but asks what would act in a copy. */
const proofOf = (result: DrillResult): ProofEntry | null => {
  const { plan, source, startedAt: at, sideEffects } = result;
  const judged = listJudged(result);
  if (plan === null || source === null || (judged.length === 0 && sideEffects === null)) return null;
  const when = (isWhole: boolean) => (isWhole ? at : null);
  const tables = judged.map(({ table, rows, values }): [string, TableInstants] => [
    table,
    { rows: when(rows), values: when(values) },
  ]);
  return {
    plan,
    source,
    listedAt: when(judged.length > 0),
    tables: gatherTables(tables),
    sideEffects: sideEffects && { seen: sideEffects.active, unknown: sideEffects.unknown, at },
  };
};

const joinProofs = (old: ProofEntry, shown: ProofEntry): ProofEntry => {
  const isNewest = laterOf(old.listedAt, shown.listedAt) === shown.listedAt;
  const [before, now] = [spreadTables(old), spreadTables(shown)];
  // Tables that the newest drill no longer has are left out.
  const names = [...(isNewest ? now : before).keys()];
  const join = (name: string): TableInstants => {
    const [one, other] = [before.get(name), now.get(name)];
    const last = (what: keyof TableInstants) => laterOf(one?.[what] ?? null, other?.[what] ?? null);
    return { ...one, rows: last('rows'), values: last('values') };
  };
  const hasAsked = laterOf(old.sideEffects?.at ?? null, shown.sideEffects?.at ?? null);
  return {
    ...old,
    listedAt: isNewest ? shown.listedAt : old.listedAt,
    tables: gatherTables(names.map((name) => [name, join(name)])),
    sideEffects: hasAsked === shown.sideEffects?.at ? shown.sideEffects : old.sideEffects,
  };
};

/** The second, if both are one instant. */
const laterOf = (one: string | null, other: string | null): string | null =>
  one === null || (other !== null && !isAfter(one, other)) ? other : one;

/** The instants of each table. */
export const spreadTables = ({ tables }: Pick<ProofEntry, 'tables'>): Map<string, TableInstants> =>
  new Map(tables.flatMap(({ names, ...instants }) => names.map((name) => [name, instants])));

/** Thousands of tables have few different instants. */
const gatherTables = (tables: readonly [string, TableInstants][]): ProofEntry['tables'] =>
  [...Map.groupBy(tables, ([, instants]) => JSON.stringify(instants)).values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first[1], names: same.map(([name]) => name) }];
  });
