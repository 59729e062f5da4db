import { describeSeconds } from '../instants.ts';
import type { RecoveryDocument } from '../recovery/document.ts';
import type { Step } from '../recovery/switching.ts';
import type { Way } from '../recovery/way-back.ts';
import { describeHour, describeTests, explainRecovery, listEndpoints } from '../recovery/words.ts';
import { formatInstant } from '../result/format.ts';
import { countVerdicts } from '../truth/checks.ts';
import { cutAfterWord } from '../words.ts';
import { recoveryKey } from './keys.ts';
import type { Message, MessageKind } from './message.ts';

/** A title is one line; a fact must leave room for the others and for the runbook. */
const maxTitleLength = 200;
const maxFactLength = 900;
/** The report has longer texts in full. SNS takes 256 KiB for all forms together. */
const maxLineLength = 1500;

/**
 * The message about a recovery: the hand-over, once when the writer is usable and once when the readers are, the failure, or
 * the advice of a dry run.
 * @param reportPlace where the report is filed
 */
export const describeRecovery = (recovery: RecoveryDocument, reportPlace: string): Message => {
  const { failure, dryRun } = recovery;
  const { sentence, meaning, steps } = explainRecovery(recovery);
  const kind: MessageKind =
    failure !== null ? 'recovery-failed' : dryRun ? 'recovery-advice' : 'recovery-handed-over';
  const cause = failure === null ? [] : [`${failure.error} in ${failure.phase}: ${failure.cause}`];
  return {
    kind,
    title: cutAfterWord(`${titles[kind] ?? ''}: ${sentence}`.replace(/\s+/g, ' '), maxTitleLength),
    happened: [sentence, ...cause, ...meaning, ...describeAccident(recovery)].map(cutLine),
    toDo: steps.map(cutLine),
    facts: listFacts(recovery, reportPlace),
    dedupKey: recoveryKey(recovery.id),
    clusters: [recovery.source, recovery.cluster?.identifier ?? null].filter((name) => name !== null),
    at: recovery.endedAt,
    details: detailsOf(recovery, reportPlace),
  };
};

const cutLine = (line: string): string => cutAfterWord(line, maxLineLength);

const titles: Partial<Record<MessageKind, string>> = {
  'recovery-handed-over': 'Recovery handed over',
  'recovery-failed': 'Recovery failed',
  'recovery-advice': 'Recovery advised',
};

const describeAccident = ({ changes }: RecoveryDocument): string[] =>
  changes === null ? [] : [`Production since that time: ${changes.summary}`];

/** What a person needs first stands first: the commands to switch fill a phone's screen. */
const listFacts = (recovery: RecoveryDocument, reportPlace: string): Message['facts'] => {
  const { advice, cluster, restore, tests, trigger, id, startedAt, settings } = recovery;
  const toDo = settings.filter(({ outcome }) => outcome === 'to do').length;
  const facts: Message['facts'] = [
    ...(cluster === null ? [] : listEndpoints(cluster)),
    ...(restore.reached === null
      ? []
      : ([['Reached', formatInstant(restore.reached)]] satisfies Message['facts'])),
    ...(tests.length === 0 ? [] : ([['Tests', describeTests(recovery)]] satisfies Message['facts'])),
    ...(toDo === 0
      ? []
      : ([
          [
            'Settings',
            `${toDo} of the source to be set by hand before you switch: the report has the commands`,
          ],
        ] satisfies Message['facts'])),
    ['Report', reportPlace],
    ...(cluster === null ? (advice?.ways ?? []).map(describeWay) : listSwitch(recovery)),
    [
      'Recovery',
      `${id}, started ${formatInstant(startedAt)}${trigger.reason === null ? '' : `: ${trigger.reason}`}`,
    ],
  ];
  return facts.map(([label, value]) => [label, cutAfterWord(value, maxFactLength)]);
};

/** "possible, in about 22 min, 0.55 USD an hour: why; lost: ..." */
const describeWay = ({
  name,
  isPossible,
  why,
  loss,
  production,
  minutes,
  costAnHour,
}: Way): [string, string] => {
  if (!isPossible) return [`By ${name}`, `not possible: ${why}`];
  const time = minutes === null ? 'never measured' : `about ${describeSeconds(minutes * 60)}`;
  return [
    `By ${name}`,
    `possible, ${time}, ${describeHour(costAnHour)}: ${why}. Lost: ${loss.words}. Production ${production}`,
  ];
};

/** Nobody should switch to a cluster whose writer is not there. */
const listSwitch = ({ howToSwitch, cluster }: RecoveryDocument): Message['facts'] => {
  if (howToSwitch === null || cluster?.isAvailable !== true) return [];
  const { variants, beforeDeletion, stale } = howToSwitch;
  return [
    ...variants.flatMap(({ name, steps, back }): Message['facts'] => [
      [`To switch, ${name}`, listCommands(steps)],
      ...(back.length === 0 ? [] : ([['and back', listCommands(back)]] satisfies Message['facts'])),
    ]),
    ...(beforeDeletion.length === 0
      ? []
      : ([['Before the old one is deleted, look at', beforeDeletion.join('; ')]] satisfies Message['facts'])),
    ['As of then, or of the old one', stale.join('; ')],
  ];
};

const listCommands = (steps: Step[]): string => steps.flatMap(({ command }) => command ?? []).join('\n');

const detailsOf = (recovery: RecoveryDocument, report: string): Message['details'] => {
  const { id, plan, source, dryRun, verdict, failure, restore, cluster, usableAfterSeconds, tests, changes } =
    recovery;
  return {
    recoveryId: id,
    plan,
    source,
    dryRun,
    verdict,
    failure: failure && { ...failure, cause: cutLine(failure.cause), hint: cutLine(failure.hint) },
    restore,
    cluster,
    usableAfterSeconds,
    tests: countVerdicts(tests),
    changes: changes && cutLine(changes.summary),
    choice: recovery.advice?.choice ?? null,
    report,
  };
};
