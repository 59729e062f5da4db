import { typingErrors } from '../errors.ts';
import { describeSeconds } from '../instants.ts';
import { formatInstant, formatNumber } from '../result/format.ts';
import { countVerdicts } from '../truth/checks.ts';
import { countOf, listSome } from '../words.ts';
import { showAgain } from './another-start.ts';
import type { RecoveryDocument } from './document.ts';
import { modifyCluster, rds } from './setting-commands.ts';
import type { Advice, Way } from './way-back.ts';

/** The verdict in words, what it means, and what to do next, in order. Names in them are still hostile input. */
export type RecoveryWords = { sentence: string; meaning: string[]; steps: string[] };

export const explainRecovery = (recovery: RecoveryDocument): RecoveryWords => {
  const { failure, otherFailures, dryRun } = recovery;
  const meaning = [
    ...describeLoss(recovery),
    ...describeWarnings(recovery),
    ...(failure === null
      ? []
      : [
          describeStanding(
            recovery.resources.map(({ name }) => name),
            findChosen(recovery.advice)?.costAnHour ?? null,
          ),
        ]),
    ...otherFailures.map(({ phase, error, cause }) => `Then ${error} in ${phase}: ${cause}`),
  ];
  return {
    sentence: `${failure === null ? describePass(recovery) : describeFailure(recovery, failure.error)}.`,
    meaning,
    steps:
      dryRun && failure === null
        ? [`start it without dryRun: ${showAgain(recovery, false)}`]
        : listSteps(recovery),
  };
};

const nameOf = ({ source, plan }: RecoveryDocument): string => source ?? plan ?? 'the cluster';

/** "2026-11-19 02:13:00 UTC", or the latest time. */
const toWhen = ({ restore: { reached, restoreTo } }: RecoveryDocument): string => {
  const instant = reached ?? restoreTo;
  return instant === null ? 'the latest time' : formatInstant(instant);
};

const describePass = (recovery: RecoveryDocument): string => {
  const { dryRun, advice, cluster, readers, usableAfterSeconds } = recovery;
  if (dryRun)
    return `Nothing was made: ${nameOf(recovery)} can be recovered to ${toWhen(recovery)}, since ${advice?.choice?.reason ?? 'a way leads there'}`;
  const after = usableAfterSeconds === null ? '' : ` after ${describeSeconds(usableAfterSeconds)}`;
  const ready = readers.filter(({ isReady }) => isReady).length;
  const parts = [
    `its writer answers${after}`,
    ready < readers.length
      ? `${ready} of ${countOf(readers.length, 'reader')} ready so far`
      : countOf(readers.length, 'reader'),
    describeTests(recovery),
  ];
  return `${nameOf(recovery)} is recovered to ${toWhen(recovery)} as ${cluster?.identifier ?? 'a new cluster'}: ${parts.join(', ')}`;
};

/** Where the recovered cluster answers, as people paste it. */
export const listEndpoints = ({
  identifier,
  endpoint,
  readerEndpoint,
  port,
}: NonNullable<RecoveryDocument['cluster']>): [label: string, value: string][] => [
  ['Cluster', identifier],
  ['Writer', endpoint === null ? 'not known yet' : `${endpoint}:${port}`],
  ...(readerEndpoint === null
    ? []
    : ([['Readers', `${readerEndpoint}:${port}`]] satisfies [string, string][])),
];

export const describeTests = ({ tests, wish }: Pick<RecoveryDocument, 'tests' | 'wish'>): string => {
  if (tests.length === 0) return wish.tests === 'none' ? 'no test was asked for' : 'the plan has no tests';
  const { passed, failed } = countVerdicts(tests);
  return failed === 0
    ? `${formatNumber(passed)} of ${countOf(tests.length, 'test', formatNumber)} passed`
    : `${formatNumber(failed)} of ${countOf(tests.length, 'test', formatNumber)} failed`;
};

const describeFailure = (recovery: RecoveryDocument, error: string): string => {
  const { cluster, resources } = recovery;
  const name = nameOf(recovery);
  if (cluster?.isAvailable !== true) {
    const what = resources.length === 0 ? 'nothing was made' : 'what was made is not usable yet';
    return `${name} is not recovered: ${what}`;
  }
  const reached = `to ${toWhen(recovery)} as ${cluster.identifier}`;
  if (!cluster.isUsable)
    return `${name} is restored ${reached}, whose writer is available, but nothing could be read from it`;
  const recovered = `${name} is recovered ${reached}`;
  return error === 'TestsFailed'
    ? `${recovered}, but ${describeTests(recovery)}`
    : `${recovered}, but a later step failed`;
};

/** The gap between the time asked for and the one that could be reached. */
const describeLoss = ({ advice, restore }: RecoveryDocument): string[] => {
  const choice = advice?.choice;
  if (choice === null || choice === undefined || choice.lossSeconds === 0) return [];
  const asked = restore.restoreTo === null ? 'now' : formatInstant(restore.restoreTo);
  return [
    `Lost: what was written in the ${describeSeconds(choice.lossSeconds)} between ${formatInstant(choice.reaches)} and ${asked}.`,
  ];
};

const describeWarnings = ({ advice, cluster }: RecoveryDocument): string[] => [
  ...(advice?.warnings ?? []).map((warning) => `Note: ${warning}.`),
  ...(cluster === null || cluster.owner === null
    ? []
    : [`Another start of the same recovery had made this cluster: ${cluster.owner}.`]),
];

/** What stands, that it is protected, and what it costs. */
export const describeStanding = (names: readonly string[], cost: Way['costAnHour']): string => {
  if (names.length === 0) return 'Nothing stands, and nothing costs money.';
  const [stand, costs] = names.length === 1 ? ['stands', 'costs'] : ['stand', 'cost'];
  return `Nothing is deleted: ${listSome(names, 4)} ${stand}, protected, and ${costs} ${describeHour(cost)}.`;
};

export const findChosen = (advice: Advice | null): Way | undefined =>
  advice?.ways.find(({ name }) => name === advice.choice?.mechanism);

/** "about 0.55 USD an hour", "0.05 to 1.20 USD an hour", or that no price is known. */
export const describeHour = (cost: Way['costAnHour']): string => {
  if (cost === null) return 'an amount that is not known';
  const [low, high] = [cost.low.toFixed(2), cost.high.toFixed(2)];
  return `${low === high ? `about ${high}` : `${low} to ${high}`} ${cost.currency} an hour`;
};

const listSteps = (recovery: RecoveryDocument): string[] => {
  const { failure, cluster, resources } = recovery;
  if (failure === null)
    return [
      'look at what changed in production since, stop what writes, then switch: the report has each way, and how to go back',
    ];
  const isWrongTime = failure.error === 'TestsFailed';
  const isMistyped = typingErrors.includes(failure.error);
  return [
    failure.hint,
    ...(isWrongTime || isMistyped || cluster?.isUsable === true ? [] : [describeRestart(recovery)]),
    ...(resources.length === 0 || cluster === null
      ? []
      : [`when nobody needs it: ${describeRemoval(cluster.identifier)}`]),
  ];
};

const describeRestart = (recovery: RecoveryDocument): string => {
  const stands = recovery.resources.length > 0;
  const what = stands ? 'start it again, it goes on with what is there' : 'then start it again';
  return `${what}: ${showAgain(recovery, stands)}`;
};

/** By hand: no role of this machine may. */
export const describeRemoval = (cluster: string): string =>
  [
    modifyCluster(cluster, '--no-deletion-protection'),
    `for each of its instances ${rds('delete-db-instance', '--db-instance-identifier', 'INSTANCE')}`,
    rds('delete-db-cluster', '--db-cluster-identifier', cluster, '--skip-final-snapshot'),
  ].join(', then ');
