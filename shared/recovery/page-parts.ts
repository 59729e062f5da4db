import { type ComponentChild, h } from 'preact';
import { describeSeconds } from '../instants.ts';
import { code, list, mark, markVerdict, note } from '../report/job-page.ts';
import { longText, table, text, time } from '../report/parts.ts';
import type { CheckResult } from '../truth/checks.ts';
import type { RecoveryDocument } from './document.ts';
import type { SettingRow } from './settings-table.ts';
import type { Step } from './switching.ts';
import { describeHour, describeTests } from './words.ts';

/** The sections of the page of a recovery. */

export const renderAccident = ({ changes }: Pick<RecoveryDocument, 'changes'>): ComponentChild =>
  changes === null
    ? note('Nothing was compared.')
    : [h('p', null, longText(changes.summary, 600)), changes.lines.length === 0 ? null : list(changes.lines)];

export const renderTests = (recovery: Pick<RecoveryDocument, 'tests' | 'wish'>): ComponentChild => {
  if (recovery.tests.length === 0) return note('No test was done.');
  const show = (value: CheckResult['expected']): ComponentChild =>
    value === null ? null : longText(String(value), 120);
  return table(
    describeTests(recovery),
    [
      { label: 'Verdict', width: '5.5rem', isPlain: true },
      { label: 'Test', isName: true },
      { label: 'Expected' },
      { label: 'Actual' },
      { label: 'Reason' },
    ],
    recovery.tests.map(({ verdict, name, expected, actual, reason }) => ({
      cells: [markVerdict(verdict), longText(name, 120), show(expected), show(actual), longText(reason)],
    })),
  );
};

const listSteps = (steps: readonly Step[]): ComponentChild =>
  h(
    'ol',
    null,
    steps.map(({ words, command: line }) =>
      h('li', null, [longText(words), line === null ? null : code(line)]),
    ),
  );

export const renderSwitch = ({ howToSwitch, cluster }: RecoveryDocument): ComponentChild => {
  if (howToSwitch === null || cluster?.isAvailable !== true)
    return note('There is no cluster yet to switch to.');
  const { variants, beforeDeletion, stale } = howToSwitch;
  return [
    note('Choose one. Words in capitals are for you to fill in.'),
    variants.map(({ name, when, steps, back }) => [
      h('h3', null, name),
      h('p', null, `When ${when}.`),
      listSteps(steps),
      back.length === 0 ? null : [h('p', null, 'To go back:'), listSteps(back)],
    ]),
    beforeDeletion.length === 0
      ? null
      : [h('h3', null, 'Before the old cluster is deleted, look at'), list(beforeDeletion)],
    h('h3', null, 'What is as of then, or names the old cluster'),
    list(stale),
  ];
};

export const renderWays = ({ advice }: RecoveryDocument): ComponentChild =>
  advice === null
    ? note('None was judged: the recovery failed before.')
    : table(
        advice.choice === null ? 'None was taken.' : `Taken: ${advice.choice.mechanism}.`,
        [
          { label: 'Way', isName: true, width: '7.5rem' },
          { label: 'Possible', width: '6rem' },
          { label: 'Why', width: '24%' },
          { label: 'Lost', width: '24%' },
          { label: 'Production' },
          { label: 'Expected' },
        ],
        advice.ways.map(({ name, isPossible, why, loss, production, minutes, costAnHour }) => ({
          cells: [
            name,
            isPossible ? mark('good', '✓', 'yes') : mark('warn', '–', 'no'),
            longText(why),
            isPossible ? longText(loss.words) : null,
            isPossible ? production : null,
            isPossible
              ? `${minutes === null ? 'time never measured' : describeSeconds(minutes * 60)}, ${describeHour(costAnHour)}`
              : null,
          ],
        })),
      );

const outcomes: Record<SettingRow['outcome'], Parameters<typeof mark>> = {
  same: ['good', '✓', 'same'],
  passed: ['good', '✓', 'asked for'],
  'to do': ['bad', '✕', 'to do'],
  'not known': ['warn', '–', 'not known'],
};

/** What is to be done comes first. */
const ranks: Record<SettingRow['outcome'], number> = { 'to do': 0, 'not known': 1, passed: 2, same: 3 };

export const renderSettings = ({ settings }: RecoveryDocument): ComponentChild =>
  settings.length === 0
    ? note('They were not compared.')
    : table(
        'What the source has, and whether the recovered cluster has it too.',
        [
          { label: 'Setting', isName: true },
          { label: 'Source' },
          { label: 'Recovered' },
          { label: 'Outcome', width: '6.5rem' },
          { label: 'Command', width: '38%' },
        ],
        settings
          .toSorted((one, other) => ranks[one.outcome] - ranks[other.outcome])
          .map(({ setting, source, recovered, outcome, command: line }) => ({
            cells: [
              setting,
              source === null ? 'not known' : longText(source, 120),
              recovered === null ? 'not known' : longText(recovered, 120),
              mark(...outcomes[outcome]),
              line === null ? null : code(line),
            ],
          })),
      );

export const renderReaders = ({ resources, readers }: RecoveryDocument): ComponentChild => {
  if (resources.length === 0) return note('Nothing was made.');
  const likes = new Map(readers.map((reader) => [reader.identifier, reader]));
  return table(
    'All of it stands, and no role of this machine may delete it.',
    [
      { label: 'Kind', isPlain: true },
      { label: 'Name', isName: true },
      { label: 'Made' },
      { label: 'Like' },
      { label: 'State' },
    ],
    resources.map(({ kind, name, createdAt }) => {
      const reader = likes.get(name);
      return {
        cells: [
          kind,
          text(name),
          createdAt === null ? 'not known' : time(createdAt),
          reader?.like === undefined || reader.like === null ? null : text(reader.like),
          reader === undefined
            ? null
            : reader.isReady
              ? mark('good', '✓', 'ready')
              : mark('warn', '–', 'not ready'),
        ],
      };
    }),
  );
};
