import type { DrillOutcome } from './document.ts';

type Restore = Pick<DrillOutcome['restore'], 'kind' | 'snapshot'>;

/** What the copy was restored from: "the log", "its newest snapshot, rds:prod-2026-11-16-02-10". */
export const nameOrigin = ({ kind, snapshot }: Restore): string => {
  const named = snapshot === null ? '' : `, ${snapshot.identifier}`;
  switch (kind) {
    case 'log':
      return 'the log';
    case 'newest-snapshot':
      return `its newest snapshot${named}`;
    case 'fresh-snapshot':
      return `a snapshot taken for this drill${named}`;
    default:
      return kind satisfies never;
  }
};

/** What an RPO of such a drill is, or why there is none. */
export const explainRpo = ({ kind }: Pick<Restore, 'kind'>): string => {
  switch (kind) {
    case 'log':
      return 'how far the restorable time was behind when the drill began';
    case 'newest-snapshot':
      return 'how old the newest snapshot was when the drill began';
    case 'fresh-snapshot':
      return 'a snapshot taken for the drill says nothing of how old the others are';
    default:
      return kind satisfies never;
  }
};
