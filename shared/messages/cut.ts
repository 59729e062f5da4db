import type { JobFailure } from '../job/failure.ts';
import { cutAfterWord } from '../words.ts';

/** SNS takes 256 KiB for all forms together, and a title is one line. The report has all of it. */
const maxTitleLength = 200;
const maxLineLength = 400;
/** An input is to be pasted whole, with a reason of 500 characters in it. */
const maxStepLength = 1500;

export const cutLine = (line: string): string => cutAfterWord(line, maxLineLength);

export const cutStep = (step: string): string => cutAfterWord(step, maxStepLength);

export const toTitle = (text: string): string => cutAfterWord(text.replace(/\s+/g, ' '), maxTitleLength);

export const cutFailure = <Failure extends JobFailure>(failure: Failure): Failure => ({
  ...failure,
  cause: cutLine(failure.cause),
  hint: cutLine(failure.hint),
});
