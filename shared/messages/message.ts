import { cutAfterWord, cutAnywhere } from '../words.ts';

/** Whether a problem is open or over, and how bad it is. */
type Standing = { status: 'open' | 'resolved'; severity: 'info' | 'warning' | 'error' };

/** Public: runbook sections, chat event types and machines use these names. */
export const messageKinds = {
  'drill-passed': { status: 'resolved', severity: 'info' },
  'drill-failed': { status: 'open', severity: 'error' },
  'drill-aborted': { status: 'open', severity: 'error' },
  'teardown-failed': { status: 'open', severity: 'error' },
  'recovery-handed-over': { status: 'resolved', severity: 'info' },
  'recovery-failed': { status: 'open', severity: 'error' },
  'recovery-advice': { status: 'resolved', severity: 'info' },
  'rehearsal-safe': { status: 'resolved', severity: 'info' },
  'rehearsal-unsafe': { status: 'open', severity: 'warning' },
  'rehearsal-failed': { status: 'open', severity: 'error' },
  'rehearsal-checked': { status: 'resolved', severity: 'info' },
  'extract-done': { status: 'resolved', severity: 'info' },
  'extract-failed': { status: 'open', severity: 'error' },
  'extract-checked': { status: 'resolved', severity: 'info' },
  'rewind-ready': { status: 'resolved', severity: 'info' },
  'rewind-blocked': { status: 'open', severity: 'warning' },
  'rewind-done': { status: 'resolved', severity: 'info' },
  'rewind-other-time': { status: 'open', severity: 'error' },
  'rewind-failed': { status: 'open', severity: 'error' },
  'backtrack-window-shrunk': { status: 'open', severity: 'warning' },
  'backtrack-window-recovered': { status: 'resolved', severity: 'info' },
  'backtrack-not-ready': { status: 'open', severity: 'warning' },
  'backtrack-ready': { status: 'resolved', severity: 'info' },
  'posture-failing': { status: 'open', severity: 'warning' },
  'posture-clean': { status: 'resolved', severity: 'info' },
} as const satisfies Record<string, Standing>;

export type MessageKind = keyof typeof messageKinds;

/** One message, before it is turned into the form that its readers need. */
export type Message = {
  kind: MessageKind;
  /** The one line to read when there is time for one. */
  title: string;
  /** What happened, most important sentence first. */
  happened: string[];
  /** What to do, one step each. */
  toDo: string[];
  /** Names and figures, each with its label, in the order to read them. */
  facts: [label: string, value: string][];
  /** The same for every message about one problem of this account and Region, repeated or resolved. */
  dedupKey: string;
  /** Identifiers of the clusters it is about. */
  clusters: string[];
  /** When it was true, ISO 8601. */
  at: string;
  /** The facts for machines: values with their units in the keys. */
  details: Record<string, unknown>;
};

/** Where a message comes from, and its runbook, whose sections are named for the kinds. */
export type Origin = { account: string; region: string; runbookUrl: string };

/** Public and versioned: what subscribers through SQS and Lambda read. docs/monitors.md shows one. */
export type MachineMessage = Omit<Message, 'facts'> &
  Standing & { schema: 'aurora-drills/message/1'; account: string; region: string; runbook: string };

/** SNS takes subjects of printable ASCII with fewer than 100 characters (SNS API, Publish). */
const maxSubjectLength = 99;
/** SNS takes 256 KiB for all forms together, and JSON in JSON makes seven bytes of one control character. */
const maxTextLength = 4000;
/** What chat channels show: of a title or one step, of one line, and of all lines. */
const maxTitleLength = 250;
const maxLineLength = 2000;
const maxDescriptionLength = 8000;

const runbookLink = (message: Message, { runbookUrl }: Origin): string => `${runbookUrl}#${message.kind}`;

/** Unique among all accounts and Regions: one pager may hear from several. */
const dedupKeyOf = ({ dedupKey }: Message, { account, region }: Origin): string =>
  `aurora-drills/${account}/${region}/${dedupKey}`;

const standingFacts = (message: Message, origin: Origin): Message['facts'] => [
  ['Account', `${origin.account}, ${origin.region}`],
  ['Runbook', runbookLink(message, origin)],
];

const factsOf = (message: Message, origin: Origin): Message['facts'] => [
  ...message.facts,
  ...standingFacts(message, origin),
];

/** The subject of a mail. Never empty, and never with a space first: SNS refuses both. */
export const toSubject = ({ kind, title }: Message): string =>
  cutAfterWord(title.replace(/[^\x20-\x7e]/g, '?').trim(), maxSubjectLength) || kind;

/** The text of a mail: what happened, what to do, then the figures. */
export const toText = (message: Message, origin: Origin): string =>
  [
    ...message.happened.map((line) => cutAnywhere(line, maxTextLength)),
    ...message.toDo.map((step) => `What to do: ${cutAnywhere(step, maxTextLength)}.`),
    '',
    ...factsOf(message, origin).map(([label, value]) => `${label}  ${cutAnywhere(value, maxTextLength)}`),
  ].join('\n');

/**
 * A custom notification for Slack and Teams (Amazon Q Developer in chat applications, formerly AWS Chatbot:
 * Administrator Guide, "Custom notifications"). Messages with one thread id share a thread.
 */
export const toChat = (message: Message, origin: Origin): object => {
  const { kind, title, happened, toDo, clusters } = message;
  const dedupKey = dedupKeyOf(message, origin);
  // However long the figures are, the link to the runbook stays; however long the text is, the figures stay.
  const standing = showFacts(standingFacts(message, origin));
  const figures = cutAnywhere(
    showFacts(message.facts),
    maxDescriptionLength - maxLineLength - standing.length - 2,
  );
  const facts = [figures, standing].filter((part) => part !== '').join('\n');
  const room = Math.max(maxLineLength, maxDescriptionLength - facts.length - 1);
  return {
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: cutAnywhere(escapeChat(title), maxTitleLength),
      description: cutAnywhere(`${cutAnywhere(joinLines(happened), room)}\n${facts}`, maxDescriptionLength),
      ...(toDo.length > 0 && {
        nextSteps: toDo.map((step) => cutAnywhere(escapeChat(step), maxTitleLength)),
      }),
      keywords: [kind],
    },
    metadata: {
      threadId: dedupKey,
      summary: cutAnywhere(escapeChat(title), maxTitleLength),
      eventType: kind,
      relatedResources: clusters,
      additionalContext: { dedupKey, ...messageKinds[kind] },
    },
  };
};

const showFacts = (facts: Message['facts']): string =>
  joinLines(facts.map(([label, value]) => `*${label}:* ${value}`));

const joinLines = (lines: string[]): string =>
  lines.map((line) => cutAnywhere(escapeChat(line), maxLineLength)).join('\n');

export const toMachine = (message: Message, origin: Origin): MachineMessage => {
  const { kind, title, happened, toDo, clusters, at, details } = message;
  return {
    schema: 'aurora-drills/message/1',
    kind,
    ...messageKinds[kind],
    dedupKey: dedupKeyOf(message, origin),
    title,
    happened,
    toDo,
    clusters,
    account: origin.account,
    region: origin.region,
    runbook: runbookLink(message, origin),
    at,
    details,
  };
};

/**
 * One form for each kind of subscriber, for Publish with MessageStructure json. Mail gets the text, chat channels
 * subscribe by https, and all others (SQS, Lambda, Firehose, http) get the form for machines.
 */
export const toSnsForms = (message: Message, origin: Origin): Record<string, string> => ({
  default: JSON.stringify(toMachine(message, origin), cutTexts),
  email: toText(message, origin),
  sms: toSubject(message),
  https: JSON.stringify(toChat(message, origin)),
});

/** In chat, angle brackets make links and mentions, and an @ may notify a whole channel. */
const escapeChat = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/@/g, '@\u200b');

/** The details may hold a long cause too. */
const cutTexts = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? cutAnywhere(value, maxTextLength) : value;
