import type { Dialect } from '../sql/tokens.ts';
import { listActions } from './actions.ts';

/**
 * What would undo a statement. `isLossy`: rows or values are gone with it, and no statement brings them back: only a time
 * before it does.
 */
export type Undo = { words: string; isLossy: boolean };

const gone = (what: string): Undo => ({
  words: `${what} would come back from a time before it alone`,
  isLossy: true,
});
const by = (words: string): Undo => ({ words, isLossy: false });

/** Such as DO and CALL. Whoever reads it must not count on statements. */
const unknown: Undo = { words: 'not known, since what it runs does not stand in it', isLossy: true };

const rules: [shape: RegExp, undo: Undo | null][] = [
  [/^explain\b.* analyze\b.*\b(insert|update|delete|merge)\b/, gone('the old values of its rows')],
  [
    /^(set|reset|show|select|values|table|explain|begin|start transaction|commit|end|rollback|abort|savepoint|release|lock)\b/,
    null,
  ],
  [/^(analyze|vacuum|reindex|cluster|optimize|check|refresh|comment)\b/, null],
  [/^(drop (table|schema)|truncate)\b/, gone('its rows')],
  [/^(update|delete|merge|replace|with)\b/, gone('the old values of its rows')],
  [/^insert\b.* on (conflict\b.* do|duplicate key) update\b/, gone('the old values of its rows')],
  [/^insert\b/, by('delete the rows that it inserted')],
  [/^create or replace (temporary )?table\b/, gone('its rows')],
  [
    /^drop (type|domain|extension|function|sequence)\b.* cascade\b/,
    gone('the values of what it takes with it'),
  ],
  [/^drop materialized view\b/, by('create the view again, from its old definition')],
  [/^drop\b/, by('create it again, from its old definition')],
  [/^create or replace\b/, by('create it again, from its old definition')],
  [/^create\b/, by('drop what it creates')],
  [
    /^alter type\b.*\badd value\b/,
    by('nothing takes a value out of an enum: make a new type, and move the columns over'),
  ],
  [/^alter table\b.* rename\b|^rename\b|^alter \w+\b.* rename\b/, by('rename it back')],
  [/^alter table\b.* validate constraint\b/, null],
  [/^alter table\b.* attach partition\b/, by('detach the partition')],
  [/^alter table\b.* detach partition\b/, by('attach the partition again')],
  [/^alter table\b.* drop partition\b/, gone('the rows of the partition')],
  [/^alter table\b.* truncate partition\b/, gone('the rows of the partition')],
  [
    /^alter table\b.* drop (constraint|foreign key|primary key|index|key|check)\b/,
    by('add it again, from its old definition'),
  ],
  [/^alter table\b.* alter\b.* drop (default|not null|identity|expression)\b/, by('set it again')],
  [/^alter table\b.* drop\b/, gone('the values of the column')],
  [
    /^alter table\b.* add (constraint|foreign key|primary key|unique|check|index|key|fulltext|spatial|exclude)\b/,
    by('drop it'),
  ],
  [/^alter table\b.* add\b/, by('drop the column, and with it what is written to it from then on')],
  [/^alter table\b.* type\b.* using\b/, gone('the old values of the column')],
  [
    /^alter table\b.* (type|modify|change)\b/,
    by('change the type back, if every value that is written from then on fits the old one'),
  ],
  // How it is to be done, and no action of its own.
  [/^alter table\b.* (algorithm|lock) =/, null],
  [/^alter\b/, by('alter it back to what it was')],
];

/** What would undo each action of a statement. None for what leaves nothing to undo. */
export const describeUndo = (shape: string): Undo[] =>
  listActions(shape).flatMap((action) => {
    const rule = rules.find(([pattern]) => pattern.test(action));
    if (rule === undefined) return [unknown];
    return rule[1] ?? [];
  });

/** How to go back in time. Backtrack takes the whole cluster with it, and Aurora PostgreSQL has none. */
export const describeWayBack = (undos: readonly Undo[], dialect: Dialect): string => {
  if (undos.length === 0) return 'There is nothing to undo.';
  if (!undos.some(({ isLossy }) => isLossy))
    return 'Statements undo it: neither Backtrack nor a restore is needed.';
  return dialect === 'mysql'
    ? 'Only a time before it brings all of it back: by Backtrack, where it is on, for the whole cluster and with everything written since, or by a restore (docs/recover.md). Mark one right before the change (docs/rewind.md#marks).'
    : 'Only a restore to a time before it brings all of it back (docs/recover.md): Aurora PostgreSQL has no Backtrack.';
};
