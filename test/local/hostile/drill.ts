import { localDatabase } from '../../../local/aurora/database.ts';
import type { EngineName } from '../../../local/servers/engine-name.ts';
import { startKeeper } from '../../../local/servers/keeper.ts';
import type { Engine, Source } from '../../../local/sources/source.ts';
import { openBaseline, withReaders } from '../../../shared/truth/bracket.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { compareRestored } from '../../../shared/truth/comparison.ts';
import { readFigures } from '../../../shared/truth/figures.ts';
import { defaultSchemaOf } from '../../../shared/truth/wanted.ts';
import { makeChecks } from '../../shared/drill/state-fixture.ts';
import { until } from '../world.ts';

const password = 'only-for-this-test';
const database = 'app';
const remainingMs = () => 60_000;

/** A source, and drills of it without a state machine: baseline, restore, comparison. */
export const startHostileWorld = async <Here extends Source>(
  engine: EngineName,
  sourceEngine: Engine<Here>,
) => {
  const keeper = await startKeeper();
  const source = await sourceEngine.startSource({ keeper, database, readerUser: 'drill_reader', password });
  const port = localDatabase(engine, password);
  const address = {
    engine: `aurora-${engine === 'mysql' ? 'mysql' : 'postgresql'}`,
    host: '127.0.0.1',
    port: source.port,
    database,
    user: 'drill_reader',
  };
  const common = { checks: makeChecks({ checksum: 'full' }), defaultSchema: defaultSchemaOf(address) };
  let copies = 0;

  const drill = async (): Promise<CheckResult[]> => {
    const { bracket, figures } = await withReaders(
      port,
      address,
      { sessions: 2, remainingMs },
      async (readers) => {
        const opened = await openBaseline(readers);
        return {
          bracket: opened.bracket,
          figures: await readFigures(readers, { ...common, opened, seed: 1 }),
        };
      },
    );
    await until(
      async () => source.latestRestorableTime(),
      (latest) => Date.parse(latest) > Date.parse(bracket.instant),
    );
    copies += 1;
    const servers = source.makeServers(`copy-${copies}`, null);
    try {
      const restored = await servers.recover({ kind: 'point-in-time', restoreTo: bracket.instant });
      await servers.start();
      const reader = await port.open({ ...address, port: restored }, { sessions: 4, remainingMs });
      try {
        await reader.openSnapshot(0);
        const restoreTo = bracket.instant;
        const expectation = { kind: 'same-instant' as const, restoreTo, bracket, figures, ...common };
        const found: CheckResult[] = [];
        for await (const check of compareRestored(reader, expectation)) found.push(check);
        return found;
      } finally {
        await reader.close();
      }
    } finally {
      await servers.remove();
    }
  };
  return { source, password, database, drill, close: () => keeper.close() };
};

/** Runs a writer over and over until it is stopped. @throws what stopped it before */
export const repeat = (write: (round: number) => Promise<unknown>) => {
  let isOver = false;
  const running = (async () => {
    for (let round = 0; !isOver; round += 1) await write(round);
  })();
  running.catch(() => {});
  return async (): Promise<void> => {
    isOver = true;
    await running;
  };
};
