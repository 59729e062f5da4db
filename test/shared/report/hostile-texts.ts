import fc from 'fast-check';
import { expect } from 'vitest';

const tagsOf = (page: string) => page.slice(page.indexOf('<body')).match(/<\/?[a-z][a-z0-9]*/gi);

/** Texts that would end an element, begin one, or turn the text around them. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('<script>', '</td>', '"', "'", '<!--', '&lt;', '\0', '\u202e', '\ud800', '</code>'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((pieces) => pieces.join(''));

/** The elements of a page are the same, whatever is planted wherever it shows texts. */
export const expectSameElements = (renderWith: (text: string) => string): void => {
  const harmless = tagsOf(renderWith('harmless'));
  fc.assert(
    fc.property(hostile, (text) => {
      const page = renderWith(text);
      expect(tagsOf(page)).toEqual(harmless);
      expect(page).not.toContain('\u202e');
    }),
    { numRuns: 50 },
  );
};
