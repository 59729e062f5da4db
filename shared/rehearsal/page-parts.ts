import { type ComponentChild, h } from 'preact';
import { list, note } from '../report/job-page.ts';
import { longText, table, text } from '../report/parts.ts';
import { makeVisible } from '../result/format.ts';
import { countOf, ellipsize } from '../words.ts';
import type { RehearsalDocument } from './document.ts';
import {
  describeBlocked,
  describeEffects,
  describeResults,
  describeTook,
  longestBlocked,
} from './figures.ts';
import { describeMs } from './findings.ts';
import { drawLanes } from './lanes.ts';
import type { StatementMeasured } from './measured.ts';
import { explainRehearsal, explainUndo } from './words.ts';

/** The sections of the page of a rehearsal. */

export const renderFindings = (rehearsal: RehearsalDocument): ComponentChild => {
  const { meaning } = explainRehearsal(rehearsal);
  return meaning.length === 0 ? note('None.') : list(meaning);
};

/** Statements that nobody felt have no picture: the table has them. */
const isFelt = ({ tables, locks }: StatementMeasured): boolean => tables.length > 0 || locks.length > 0;

const mostPictures = 30;
const maxSqlLength = 400;

export const renderPictures = ({ measured }: RehearsalDocument): ComponentChild => {
  const felt = (measured?.statements ?? []).filter(isFelt);
  if (felt.length === 0) return note('No statement touched a table that was there before.');
  const left = felt.length - mostPictures;
  return [
    note('Red: reads or writes of others waited. Blue: the statement ran. Grey: it held a lock.'),
    felt
      .slice(0, mostPictures)
      .map((statement) => [
        h('h3', null, `Statement ${statement.number}, line ${statement.line}`),
        h('pre', null, h('code', null, ellipsize(makeVisible(statement.sql), maxSqlLength))),
        drawLanes(statement),
      ]),
    left > 0 ? note(`${countOf(left, 'more statement')} left out here; the table has all of them.`) : null,
  ];
};

export const renderStatements = ({ measured }: RehearsalDocument): ComponentChild =>
  measured === null || measured.statements.length === 0
    ? note('None was run.')
    : table(
        'As they were run, one by one. Waits are those of the longest probe, of reads and of writes.',
        [
          { label: 'No.', width: '2.5rem', isPlain: true },
          { label: 'Statement', isName: true, width: '34%' },
          { label: 'Took' },
          { label: 'Waited' },
          { label: 'Blocked reads' },
          { label: 'Blocked writes' },
          { label: 'What it did', width: '30%' },
        ],
        measured.statements.map((statement) => ({
          cells: [
            String(statement.number),
            longText(statement.sql, 160),
            describeTook(statement),
            describeMs(statement.lockWaitMs),
            describeBlocked(longestBlocked(statement, 'blockedRead')),
            describeBlocked(longestBlocked(statement, 'blockedWrite')),
            listEffects(statement),
          ],
        })),
      );

const listEffects = (statement: StatementMeasured): ComponentChild => {
  const lines = [
    ...statement.tables.flatMap((one) => {
      const effects = describeEffects(one);
      return effects.length === 0 ? [] : [`${one.table}: ${effects.join(', ')}`];
    }),
    ...describeResults(statement),
  ];
  return lines.length === 0
    ? null
    : h(
        'div',
        null,
        lines.map((line) => h('div', null, longText(line, 200))),
      );
};

export const renderUndo = (rehearsal: RehearsalDocument): ComponentChild => {
  const { advice } = rehearsal;
  if (advice.wayBack === null) return note('Nothing was run.');
  return [
    advice.undo.length === 0
      ? null
      : list(advice.undo.map(({ statement, words }) => `Statement ${statement}: ${words}.`)),
    h('p', null, text(explainUndo(rehearsal).at(-1) ?? '')),
  ];
};
