/** A number with its noun: "1 row", "2 rows". For nouns whose plural ends in s. */
export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
