import type { EngineName } from '../servers/engine-name.ts';

/** One way in which production loses what it had, while others go on writing to it. */
export type Accident = { name: string; description: string; scripts: Record<EngineName, Script> };

/** The accident on one engine. It hits rows that the write load leaves alone, so that its harm is known exactly. */
export type Script = {
  sql: string;
  /** The table that it hits, in the plan's database or the schema public. */
  table: string;
  /** What becomes of the rows. The last statement counts them, or the table that it drops. */
  effect: 'changed' | 'gone' | 'dropped';
  /** Columns, indexes and constraints that it takes away or defines anew: how reports begin to write each. */
  redefined: string[];
  /** Counts and hashes the rows that it hits. A recovered cluster must answer as production did before. */
  probe: string;
};

/** What happens: an accident of the catalog, or statements of somebody's own, whose harm nobody knows before. */
export type Mishap = { name: string; sql: string } & Partial<Script>;

/** What it did, exactly. */
export type Harm = Pick<Script, 'table' | 'effect' | 'redefined'> & { rows: number };
