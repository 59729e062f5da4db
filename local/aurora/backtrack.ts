import type { Cluster, Parameter } from '../../shared/aurora/port.ts';
import { toIso } from '../../shared/instants.ts';
import type { Point } from '../../shared/monitors/metrics.ts';
import { findEarliest } from './backtrack-window.ts';
import { blankCluster } from './descriptions.ts';

/**
 * A model of an Aurora MySQL cluster with Backtrack. It has no server, only the bookkeeping that makes the window: change
 * records come at a rate, the store holds a fixed number of them, and the oldest go first.
 */
export type BacktrackModel = {
  identifier: string;
  /** Its one instance. */
  instance: string;
  /** As RDS would describe it at this instant. */
  describe(now: Date): Cluster;
  /** Of its parameter group. */
  listParameters(): Parameter[];
  /** Somebody switches its binary log on, or off again. */
  setBinlog(isOn: boolean): void;
  /** From this instant on, this many change records in five minutes. */
  setRate(now: Date, recordsPer5Minutes: number): void;
  /** The rate of each of these hours, as CloudWatch has it. */
  readRates(from: Date, to: Date): Point[];
};

export type BacktrackModelOptions = {
  identifier: string;
  createdAt: Date;
  targetSeconds: number;
  /** How many change records the store holds. */
  capacity: number;
  recordsPer5Minutes: number;
};

const fiveMinutesMs = 300_000;
const hourMs = 3_600_000;

/** RDS tells these instants in whole seconds. */
const toSecond = (ms: number): string => toIso(new Date(Math.floor(ms / 1000) * 1000));

export const createBacktrackModel = (options: BacktrackModelOptions): BacktrackModel => {
  const { identifier, createdAt, targetSeconds, capacity } = options;
  const store = { createdAt: createdAt.getTime(), targetSeconds, capacity };
  const rates = [{ from: createdAt.getTime(), perMs: options.recordsPer5Minutes / fiveMinutesMs }];
  let binlogFormat = 'OFF';

  return {
    identifier,
    instance: `${identifier}-1`,
    describe: (now) => ({
      ...blankCluster('mysql', identifier, 3306),
      status: 'available',
      createdAt: toIso(createdAt),
      // Its backups are up to date.
      latestRestorableTime: toSecond(now.getTime()),
      backtrack: { targetSeconds, earliestTime: toSecond(findEarliest(store, rates, now.getTime())) },
    }),
    listParameters: () => [{ name: 'binlog_format', value: binlogFormat, isSet: true }],
    setBinlog: (isOn) => {
      binlogFormat = isOn ? 'ROW' : 'OFF';
    },
    setRate: (now, recordsPer5Minutes) => {
      rates.push({ from: now.getTime(), perMs: recordsPer5Minutes / fiveMinutesMs });
    },
    readRates: (from, to) => {
      const points: Point[] = [];
      for (let at = from.getTime(); at < to.getTime(); at += hourMs) {
        const rate = rates.findLast((one) => one.from <= at);
        if (rate !== undefined)
          points.push({ at: toIso(new Date(at)), value: Math.round(rate.perMs * fiveMinutesMs) });
      }
      return points;
    },
  };
};
