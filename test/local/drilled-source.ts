import { setTimeout as sleep } from 'node:timers/promises';
import { localDatabase } from '../../local/aurora/database.ts';
import type { Fault } from '../../local/faults/catalog.ts';
import type { RestorePoint } from '../../local/servers/cluster.ts';
import type { EngineName } from '../../local/servers/engine-name.ts';
import { startKeeper } from '../../local/servers/keeper.ts';
import type { Engine, Source } from '../../local/sources/source.ts';
import type { Reader } from '../../shared/database/port.ts';
import { byName } from '../../shared/database/tables.ts';
import { toIso } from '../../shared/instants.ts';
import { pack, unpack } from '../../shared/job/packing.ts';
import { readFirst } from '../../shared/kept-baseline/first-reading.ts';
import { completeFigures } from '../../shared/kept-baseline/second-reading.ts';
import type { Checks } from '../../shared/plan/plans.ts';
import { type Bracket, openBaseline, withReaders } from '../../shared/truth/bracket.ts';
import type { CheckResult } from '../../shared/truth/checks.ts';
import { compareRestored } from '../../shared/truth/comparison.ts';
import { type BaselineFigures, readFigures } from '../../shared/truth/figures.ts';
import { lendProduction, type Production } from '../../shared/truth/production.ts';
import { compareSettled } from '../../shared/truth/settled-checks.ts';
import { defaultSchemaOf } from '../../shared/truth/wanted.ts';
import { makeChecks } from '../shared/drill/state-fixture.ts';
import { until } from './world.ts';

export type Captured = { bracket: Bracket; figures: BaselineFigures };

const remainingMs = () => 60_000;

/** What a test does before each snapshot of a baseline: the definitions, just before the instant, just after, at the end. */
export type Moments = Partial<Record<'definitions' | 'before' | 'after' | 'end', () => Promise<unknown>>>;

const moments = ['definitions', 'before', 'after', 'end'] as const;

/** A source, and the parts of a drill of it without a state machine: baseline, restore, comparison. */
export const startDrilledSource = async <Here extends Source>(
  engine: EngineName,
  kind: Engine<Here>,
  checks: Partial<Checks> = {},
) => {
  const [password, database] = ['only-for-this-test', 'app'];
  const keeper = await startKeeper();
  const source = await kind.startSource({ keeper, database, readerUser: 'drill_reader', password });
  const port = localDatabase(engine, password);
  const address = {
    engine: `aurora-${engine === 'mysql' ? 'mysql' : 'postgresql'}`,
    host: '127.0.0.1',
    port: source.port,
    database,
    user: 'drill_reader',
  };
  const common = {
    checks: makeChecks({ checksum: 'full', ...checks }),
    defaultSchema: defaultSchemaOf(address),
  };
  let copies = 0;

  /** Reads a baseline, and waits until its instant can be restored. */
  const capture = async (meanwhile: Moments = {}): Promise<Captured> => {
    const left = [...moments];
    const interrupt = (reader: Reader): Reader => ({
      ...reader,
      openSnapshot: async (notBeforeMs) => {
        const moment = left.shift();
        if (moment !== undefined) await meanwhile[moment]?.();
        return reader.openSnapshot(notBeforeMs);
      },
    });
    const found = await withReaders(port, address, { sessions: 2, remainingMs }, async (opened) => {
      const readers = { before: interrupt(opened.before), after: interrupt(opened.after) };
      const baseline = await openBaseline(readers, common.checks.bracketMs);
      const figures = await readFigures(readers, { ...common, opened: baseline, seed: 1 });
      return { bracket: baseline.bracket, figures };
    });
    await until(
      async () => source.latestRestorableTime(),
      (latest) => Date.parse(latest) > Date.parse(found.bracket.instant),
    );
    return found;
  };

  const readOnce = async <Answer>(read: (reader: Reader) => Promise<Answer>): Promise<Answer> => {
    const reader = await port.open(address, { sessions: 2, remainingMs });
    try {
      return await read(reader);
    } finally {
      await reader.close();
    }
  };

  /** Reads a baseline in two sessions, so far apart, for an instant half-way. What lies between is kept as state data. */
  const captureApart = async (apartMs: number): Promise<Captured> => {
    const bytesOf = (value: unknown) => Buffer.byteLength(pack(value));
    const kept = await readOnce(async (reader) =>
      pack(await readFirst(reader, { ...common, seed: 1, bytesOf })),
    );
    await sleep(apartMs / 2);
    const createdAt = toIso(new Date(Math.ceil(Date.now() / 1000) * 1000));
    await sleep(Date.parse(createdAt) - Date.now() + apartMs / 2);
    const { checks } = common;
    return readOnce((reader) => completeFigures(reader, unpack(kept), { checks, createdAt }));
  };

  const withCopy = async <Answer>(
    point: RestorePoint,
    fault: Fault | null,
    use: (reader: Reader, production: Production) => Promise<Answer>,
  ): Promise<Answer> => {
    copies += 1;
    const servers = source.makeServers(`copy-${copies}`, fault);
    try {
      const restored = await servers.recover(point);
      await servers.start(`copy-${copies}-writer`);
      const reader = await port.open({ ...address, port: restored }, { sessions: 4, remainingMs });
      const production = lendProduction(() => port.open(address, { sessions: 2, remainingMs }));
      try {
        await reader.openSnapshot(0);
        return await use(reader, production);
      } finally {
        await Promise.all([reader.close(), production.close()]);
      }
    } finally {
      await servers.remove();
    }
  };

  /** Restores to the instant of a baseline, and compares. */
  const restore = (
    { bracket, figures }: Captured,
    fault: Fault | null,
    point: RestorePoint = { kind: 'point-in-time', restoreTo: bracket.instant },
  ): Promise<CheckResult[]> =>
    withCopy(point, fault, async (reader, production) => {
      const restoreTo = bracket.instant;
      const then = { kind: 'same-instant' as const, restoreTo, bracket, figures };
      const expectation = { ...then, production, ...common };
      const found: CheckResult[] = [];
      for await (const check of compareRestored(reader, expectation)) found.push(check);
      return found;
    });

  /** Restores to `point`, as if a past time had been asked for, and compares settled rows with production now. */
  const restoreThen = (
    restoreTo: string,
    point: RestorePoint,
    settled: Checks['settled'],
  ): Promise<CheckResult[]> =>
    withCopy(point, null, async (reader, production) => {
      const tables = byName(await reader.listTables());
      const checks = { ...common.checks, settled };
      return compareSettled(reader, tables, { ...common, checks, restoreTo, production });
    });

  const drill = async (meanwhile: Moments = {}): Promise<CheckResult[]> =>
    restore(await capture(meanwhile), null);
  return { source, capture, captureApart, restore, restoreThen, drill, close: () => keeper.close() };
};
