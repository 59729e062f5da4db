/** A number with its noun: "1 row", "2 rows". For nouns whose plural ends in s. */
export const countOf = (count: number, noun: string, show: (count: number) => string = String): string =>
  `${show(count)} ${noun}${count === 1 ? '' : 's'}`;

/** The order of `sort()`, for objects: by UTF-16 units, so that no locale changes it. */
export const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** The first few of a list in words: "a, b and 7 more". */
export const listSome = (names: readonly string[], most: number): string => {
  const listed = names.slice(0, most).join(', ');
  return names.length > most ? `${listed} and ${names.length - most} more` : listed;
};

/** What a cut may take beyond the limit to end with a whole word. */
const maxWordLength = 24;

/** The text, cut after a word where one ends shortly before the limit. @param most UTF-16 units, three dots included */
export const cutAfterWord = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const part = text.slice(0, Math.max(0, most - 3)).toWellFormed();
  const end = part.search(/[\s,;:]+\S*$/);
  return `${end < Math.max(0, part.length - maxWordLength) ? part : part.slice(0, end)}...`;
};

/** The text, cut wherever the limit falls. @param most UTF-16 units, three dots included */
export const cutAnywhere = (text: string, most: number): string =>
  // An emoji is two units long, and half of one has no UTF-8.
  text.length <= most ? text : `${text.slice(0, Math.max(0, most - 3)).toWellFormed()}...`;

/** The first so many characters, an emoji being one; null when all of it fits. */
export const takeCharacters = (text: string, most: number): string | null => {
  if (text.length <= most) return null;
  const characters = [...text];
  return characters.length <= most ? null : characters.slice(0, most).join('');
};

/** The text, or so many characters of its beginning and an ellipsis. */
export const ellipsize = (text: string, most: number): string => {
  const beginning = takeCharacters(text, most);
  return beginning === null ? text : `${beginning}…`;
};
