import { type ComponentChild, h } from 'preact';
import { code, mark, note } from '../report/job-page.ts';
import { facts, longText, table, text, time } from '../report/parts.ts';
import type { RewindDocument } from './document.ts';
import type { Fact } from './readiness.ts';

/** The sections of the page of a rewind. */

const markFact = ({ isHeld }: Fact): ComponentChild => {
  if (isHeld === null) return mark('warn', '–', 'not known');
  return isHeld ? mark('good', '✓', 'holds') : mark('bad', '✕', 'forbids it');
};

export const renderPreflight = ({ preflight }: RewindDocument): ComponentChild =>
  preflight === null
    ? note('It was not made.')
    : table(
        `The cluster is ${preflight.verdict === 'off' ? 'without Backtrack' : preflight.verdict}.`,
        [
          { label: 'Fact', isName: true, width: '9rem' },
          { label: 'Verdict', isPlain: true, width: '7rem' },
          { label: 'Seen' },
        ],
        preflight.facts.map((fact) => ({ cells: [fact.name, markFact(fact), longText(fact.sentence, 400)] })),
      );

const uses: [key: keyof RewindDocument['next'], words: string][] = [
  ['confirmed', 'To rewind, once the writes are stopped'],
  ['earlier', 'To the next earlier time'],
  ['forward', 'A minute forward, while nothing was written since'],
  ['back', 'Back to where we were, while nothing was written since'],
  ['recover', 'To leave production alone, and recover a cluster of that time beside it'],
];

export const renderInputs = ({ next }: RewindDocument): ComponentChild => {
  const inputs = uses.flatMap(([key, words]) => {
    const input = next[key];
    return input === null ? [] : [[h('p', null, `${words}:`), code(input)]];
  });
  return inputs.length === 0 ? note('There is none.') : inputs;
};

export const renderRewound = ({ backtrack, restore, clone }: RewindDocument): ComponentChild => {
  if (backtrack === null) return note('Nothing was asked of the cluster.');
  const { identifier, status, requestedAt, from } = backtrack;
  return facts([
    ['Rewind', text(identifier)],
    ['Status', text(status)],
    ['Asked for at', time(requestedAt)],
    ['From', from === null ? 'not known' : time(from)],
    ['To', restore.reached === null ? 'not known' : time(restore.reached)],
    ['Production before it', clone === null ? 'none was kept' : longText(clone.identifier, 120)],
  ]);
};
