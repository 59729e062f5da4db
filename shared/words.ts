/** A number with its noun: "1 row", "2 rows". For nouns whose plural ends in s. */
export const countOf = (count: number, noun: string, show: (count: number) => string = String): string =>
  `${show(count)} ${noun}${count === 1 ? '' : 's'}`;

/** The first few of a list in words: "a, b and 7 more". */
export const listSome = (names: readonly string[], most: number): string => {
  const listed = names.slice(0, most).join(', ');
  return names.length > most ? `${listed} and ${names.length - most} more` : listed;
};
