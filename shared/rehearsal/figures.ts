import { describeBytes, formatNumber } from '../result/format.ts';
import type { RehearsalDocument } from './document.ts';
import { describeMs } from './findings.ts';
import type { StatementMeasured, TableMeasured } from './measured.ts';

export const describeTook = ({ fromMs, toMs }: Pick<StatementMeasured, 'fromMs' | 'toMs'>): string =>
  describeMs(Math.max(0, toMs - fromMs));

/** The longest wait of any probe of any table, in milliseconds. */
export const longestBlocked = (
  { tables }: Pick<StatementMeasured, 'tables'>,
  side: 'blockedRead' | 'blockedWrite',
): number => Math.max(0, ...tables.map((table) => table[side].longestMs));

/** "87 s", or "none" where no probe had to wait. */
export const describeBlocked = (ms: number): string => (ms === 0 ? 'none' : describeMs(ms));

/** What a statement did to a table, each a phrase; nothing for what it did not do. */
export const describeEffects = ({
  isRewritten,
  rowsScanned,
  growthBytes,
  indexGrowthBytes,
}: TableMeasured): string[] => [
  ...(isRewritten === true ? ['written anew'] : []),
  ...(rowsScanned === null || rowsScanned === 0 ? [] : [`${formatNumber(rowsScanned)} rows read`]),
  ...(growthBytes === null || growthBytes === 0 ? [] : [`table ${describeGrowth(growthBytes)}`]),
  ...(indexGrowthBytes === null || indexGrowthBytes === 0
    ? []
    : [`indexes ${describeGrowth(indexGrowthBytes)}`]),
];

const describeGrowth = (bytes: number): string => `${bytes > 0 ? '+' : ''}${describeBytes(bytes)}`;

/** What else a statement did or left, each a phrase. */
export const describeResults = ({
  logBytes,
  algorithm,
  leftInvalid,
  lockTimeouts,
  error,
  isCancelled,
}: StatementMeasured): string[] => [
  ...(error === null ? [] : [`failed: ${error.message} (${error.code})`]),
  ...(isCancelled ? ['cancelled: the time was up'] : []),
  ...(algorithm === null
    ? []
    : [
        `${algorithm.took}${algorithm.wouldTake === algorithm.took ? '' : `, and ${algorithm.wouldTake} would do`}`,
      ]),
  ...(logBytes === null || logBytes === 0 ? [] : [`${describeBytes(logBytes)} of log`]),
  ...leftInvalid.map((what) => `left invalid: ${what}`),
  ...(lockTimeouts === 0 ? [] : [`gave up waiting ${lockTimeouts === 1 ? 'once' : `${lockTimeouts} times`}`]),
];

/** "blocked reads 500 ms, blocked writes 1 s, duration 10 min, rewrites never" */
export const describeLimits = (limits: RehearsalDocument['limits']): string =>
  limits === null
    ? 'not known'
    : [
        `blocked reads ${describeMs(limits.blockedReadMs)}`,
        `blocked writes ${describeMs(limits.blockedWriteMs)}`,
        `duration ${describeMs(limits.durationSeconds * 1000)}`,
        `rewrites ${limits.rewrites}`,
      ].join(', ');
