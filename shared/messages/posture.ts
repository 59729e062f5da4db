import { type Change, type FindingChange, isOpen } from '../posture/changes.ts';
import type { PostureDocument } from '../posture/document.ts';
import type { Mend } from '../posture/finding.ts';
import { countAll, describeStanding, describeUnknown, verdictWords } from '../posture/words.ts';
import { formatInstant } from '../result/format.ts';
import { countOf, cutAfterWord, ellipsize } from '../words.ts';
import { toTitle } from './cut.ts';
import type { Message } from './message.ts';

/** A fleet may have thousands of changes. The worst are enough to act on; the report has them all. */
const maxListed = 8;
/** All forms of a message together have their limit, and a line may be of what JSON makes seven bytes of. */
const maxLineLength = 300;
const maxNameLength = 80;
const maxCommandLength = 600;

type Told = { document: PostureDocument; isFirst: boolean; reportPlace: string };

/** The one message of a run: what fails now and did not, what is mended, and what can no longer be read. */
export const describePosture = (changes: readonly Change[], told: Told): Message => {
  const { document } = told;
  const news = sortNews(
    changes.map((change) => ({ ...change, cluster: ellipsize(change.cluster, maxNameLength) })),
  );
  return {
    kind: isOpen(document) ? 'posture-failing' : 'posture-clean',
    title: toTitle(describeTitle(news, told)),
    happened: [
      `${describeStanding(document)}.`,
      ...[describeUnknown(document)].filter((line) => line !== null),
      ...describeSome(news.fails, describeFailure),
      ...describeSome(news.mended, describeMended),
      ...describeSome(news.unreadable, describeUnreadable),
      ...describeSome(news.unlisted, ({ cluster, reason }) => `${cluster} cannot be read at all: ${reason}.`),
      ...describeSome(
        news.gone,
        ({ cluster, failed }) => `${cluster} is gone, where ${countOf(failed, 'rule')} failed.`,
      ),
    ].map(cutLine),
    toDo: listSteps(news),
    facts: listFacts(news, told),
    dedupKey: 'posture',
    clusters: [...new Set(Object.values(news).flatMap((some) => some.map(({ cluster }) => cluster)))].slice(
      0,
      maxListed,
    ),
    at: document.checkedAt,
    details: detailsOf(news, told),
  };
};

const cutLine = (line: string): string => cutAfterWord(line, maxLineLength);

const sortNews = (changes: readonly Change[]) => ({
  fails: findingsOf(changes, 'fails'),
  mended: findingsOf(changes, 'mended'),
  unreadable: findingsOf(changes, 'unreadable'),
  unlisted: changes.filter((change) => change.kind === 'unlisted'),
  gone: changes.filter((change) => change.kind === 'gone').filter(({ failed }) => failed > 0),
});

type News = ReturnType<typeof sortNews>;

const findingsOf = (changes: readonly Change[], kind: FindingChange['kind']): FindingChange[] =>
  changes.flatMap((change) => ('finding' in change && change.kind === kind ? [change] : []));

/** The first few in words, and how many more there are. */
const describeSome = <One>(all: readonly One[], describe: (one: One) => string): string[] => [
  ...all.slice(0, maxListed).map(describe),
  ...(all.length > maxListed ? [`And ${all.length - maxListed} more of these.`] : []),
];

/** "5 findings fail, in 3 of 12 clusters (2 new, 1 mended)". */
const describeTitle = (news: News, { document, isFirst }: Told): string => {
  const parts = [
    [news.fails.length, 'new'],
    [news.mended.length, 'mended'],
    [news.unreadable.length + news.unlisted.length, 'no longer readable'],
  ] as const;
  const changed = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const since = isFirst ? 'first look' : changed.join(', ');
  return `Posture: ${describeStanding(document)}${since === '' ? '' : ` (${since})`}`;
};

const describeFailure = ({ cluster, rule, finding: { expected, seen, why } }: FindingChange): string =>
  `${cluster} fails ${rule}: ${[
    expected === null ? null : `expected ${expected}`,
    seen === null ? null : `seen ${seen}`,
    why,
  ]
    .filter((words) => words !== null)
    .join(', ')}.`;

const describeMended = ({ cluster, rule, finding: { verdict, why } }: FindingChange): string => {
  if (verdict === 'pass') return `${cluster}, ${rule}: passes again.`;
  return `${cluster}, ${rule}: ${verdictWords[verdict]}${why === null ? '' : `, ${why}`}.`;
};

const describeUnreadable = ({ cluster, rule, from, finding: { why } }: FindingChange): string =>
  `${cluster}, ${rule}: ${from === null ? 'cannot' : 'can no longer'} be read${why === null ? '' : `, ${why}`}.`;

const listSteps = ({ fails, unreadable, unlisted }: News): string[] => [
  ...(fails.length === 0
    ? []
    : [
        'do what stands beside each finding below; the report has it for all of them',
        'waive in plans.yml what is meant to be so, with a reason and an end: docs/posture.md',
      ]),
  ...(unreadable.length + unlisted.length === 0
    ? []
    : ['see in the report what could not be read, and why; the next run reads again']),
];

/** Commands are facts, not steps: nothing may be put behind what is to be pasted. What else they do stands before them. */
const listFacts = ({ fails }: News, { document, reportPlace }: Told): Message['facts'] => [
  ...fails
    .slice(0, maxListed)
    .flatMap(({ cluster, rule, finding: { mend } }): Message['facts'] =>
      mend === null
        ? []
        : [...listWarnings(`${cluster}, ${rule}`, mend), [`${cluster}, ${rule}`, describeMend(mend)]],
    ),
  ['Report', reportPlace],
  ['Looked at', formatInstant(document.checkedAt)],
];

const listWarnings = (place: string, { command, note }: Mend): Message['facts'] =>
  fits(command) && note !== null ? [[`${place}, before you run it`, cutLine(note)]] : [];

/** A command is whole, or not there. */
const describeMend = ({ command, note }: Mend): string =>
  fits(command) ? command : cutLine(note ?? 'see the report');

const fits = (command: string | null): command is string =>
  command !== null && command.length <= maxCommandLength;

const detailsOf = (news: News, { document, isFirst, reportPlace }: Told): Message['details'] => ({
  isFirst,
  clusters: document.clusters.length,
  failing: countAll(document, 'fail'),
  unreadable: countAll(document, 'unreadable'),
  unlisted: document.unreadable.length,
  waived: countAll(document, 'waived'),
  changed: Object.fromEntries(Object.entries(news).map(([kind, changes]) => [kind, changes.length])),
  fails: news.fails.slice(0, maxListed).map(({ cluster, rule, finding: { expected, seen, mend } }) => ({
    cluster,
    rule,
    expected: expected && cutLine(expected),
    seen: seen && cutLine(seen),
    mend: mend && describeMend(mend),
  })),
  mended: news.mended.slice(0, maxListed).map(({ cluster, rule }) => ({ cluster, rule })),
  report: reportPlace,
});
