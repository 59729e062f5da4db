import { compareKeys } from '../database/row-lines.ts';

/** Keeps the first keys of many in their own order, and never more than twice as many. */
export type LeastKeys = { add(key: string): void; list(): string[] };

export const keepLeast = (most: number): LeastKeys => {
  let kept: string[] = [];
  let limit: string | null = null;
  const cut = (): void => {
    kept = kept.sort(compareKeys).slice(0, most);
    limit = kept.length === most ? (kept.at(-1) ?? null) : null;
  };
  return {
    add: (key) => {
      if (most === 0 || (limit !== null && compareKeys(key, limit) >= 0)) return;
      kept.push(key);
      if (kept.length >= 2 * most) cut();
    },
    list: () => {
      cut();
      return kept;
    },
  };
};
