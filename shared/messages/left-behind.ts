import type { JobFailure } from '../job/failure.ts';
import { listSome } from '../words.ts';
import { cutFailure, cutLine, toTitle } from './cut.ts';
import { teardownKey } from './keys.ts';
import type { Message } from './message.ts';

/** A job that may have left something of its copy. `word` and `copyWord`: what people call the two, such as a rehearsal and its clone. */
type Job = {
  word: string;
  copyWord: string;
  id: string;
  source: string | null;
  copy: string | null;
  resources: { name: string; deletedAt: string | null }[];
  endedAt: string;
};

/** The second message about a job, only if something is left of its copy. @param reportPlace where the report is filed */
export const describeLeft = (
  { word, copyWord, id, source, copy, resources, endedAt }: Job,
  teardown: JobFailure,
  reportPlace: string,
  details: Message['details'],
): Message => {
  const left = resources.filter(({ deletedAt }) => deletedAt === null).map(({ name }) => name);
  return {
    kind: 'teardown-failed',
    title: toTitle(`${word} could not delete its ${copyWord}: ${copy ?? source ?? id}`),
    happened: [
      `After ${lowerFirst(word)} of ${source ?? 'an unknown cluster'}, ${left.length === 0 ? 'nothing is known to be left' : `${listSome(left, 4)} may still stand and cost money`}.`,
      `${teardown.error} in ${teardown.phase}: ${teardown.cause}`,
    ].map(cutLine),
    toDo: [cutLine(teardown.hint)],
    facts: [
      ['Report', reportPlace],
      ['Job', cutLine(id)],
    ],
    dedupKey: teardownKey(id),
    clusters: [source, copy].filter((name) => name !== null),
    at: endedAt,
    details: { ...details, failure: cutFailure(teardown) },
  };
};

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
