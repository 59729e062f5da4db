/** How much of a table comes along: all of its rows, those that meet a condition, or none. */
export type Extent = 'all' | 'some' | 'none';

/** Why a foreign key to a table stays behind. Where only some rows come along, it may point to others. */
export const tellForeignKey = (name: string, of: Exclude<Extent, 'all'>): string =>
  `foreign key ${name} does not come along: ${of === 'none' ? 'its table is not extracted' : 'a condition leaves out rows of its table'}`;
