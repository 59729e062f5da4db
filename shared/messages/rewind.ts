import { formatInstant } from '../result/format.ts';
import type { RewindDocument, RewindEnd } from '../rewind/document.ts';
import { explainRewind } from '../rewind/words.ts';
import { countVerdicts } from '../truth/checks.ts';
import { cutFailure, cutLine, cutStep, toTitle } from './cut.ts';
import { rewindKey } from './keys.ts';
import type { Message, MessageKind } from './message.ts';

const kinds: Record<RewindEnd, MessageKind> = {
  ready: 'rewind-ready',
  blocked: 'rewind-blocked',
  rewound: 'rewind-done',
  'other-time': 'rewind-other-time',
  failed: 'rewind-failed',
};

const titles: Record<RewindEnd, string> = {
  ready: 'Rewind ready',
  blocked: 'Rewind blocked',
  rewound: 'Rewound',
  'other-time': 'Rewound to another time',
  failed: 'Rewind failed',
};

/**
 * The message about a rewind: the code and what it confirms, the way out, or where the cluster is now and every way on.
 * @param reportPlace where the report is filed
 */
export const describeRewind = (rewind: RewindDocument, reportPlace: string): Message => {
  const { failure, outcome, verdict, id, source, clone, endedAt } = rewind;
  const { sentence, meaning, steps } = explainRewind(rewind);
  // A rewind whose test failed is one that failed: the message has to stay open.
  const kind = outcome === 'rewound' && verdict === 'failed' ? 'failed' : outcome;
  return {
    kind: kinds[kind],
    title: toTitle(`${titles[kind]}: ${sentence}`),
    happened: [
      sentence,
      // What blocks it is told fact by fact.
      ...(failure === null || outcome === 'blocked'
        ? []
        : [`${failure.error} in ${failure.phase}: ${failure.cause}`]),
      ...meaning,
    ].map(cutLine),
    toDo: steps.map(cutStep),
    facts: listFacts(rewind, reportPlace),
    dedupKey: rewindKey(id),
    clusters: [source, clone?.identifier ?? null].filter((name) => name !== null),
    at: endedAt,
    details: detailsOf(rewind, reportPlace),
  };
};

const listFacts = (rewind: RewindDocument, reportPlace: string): Message['facts'] => {
  const { code, restore, backtrack, clone, trigger, id, startedAt } = rewind;
  const moment = (instant: string | null): string =>
    instant === null ? 'not known' : formatInstant(instant);
  const facts: Message['facts'] = [
    ...(code === null
      ? []
      : ([['Code', `${code.value}, until ${formatInstant(code.until)}`]] satisfies Message['facts'])),
    ['Asked for', moment(restore.restoreTo)],
    ...(backtrack === null
      ? []
      : ([
          ['Reached', moment(restore.reached)],
          ['From', moment(backtrack.from)],
        ] satisfies Message['facts'])),
    ...(clone === null ? [] : ([['Before it', clone.identifier]] satisfies Message['facts'])),
    ['Report', reportPlace],
    [
      'Rewind',
      `${id}, started ${formatInstant(startedAt)}${trigger.reason === null ? '' : `: ${trigger.reason}`}`,
    ],
  ];
  return facts.map(([label, value]) => [label, cutLine(value)]);
};

const detailsOf = (rewind: RewindDocument, report: string): Message['details'] => {
  const { id, plan, source, outcome, verdict, failure, restore, code, backtrack, clone, next } = rewind;
  return {
    rewindId: id,
    plan,
    source,
    outcome,
    verdict,
    failure: failure && cutFailure(failure),
    restore,
    code,
    backtrack,
    clone,
    next,
    tests: countVerdicts(rewind.tests),
    changes: rewind.changes && cutLine(rewind.changes.summary),
    report,
  };
};
