import { localDatabase } from '../../local/aurora/database.ts';
import type { Fault } from '../../local/faults/catalog.ts';
import type { EngineName } from '../../local/servers/engine-name.ts';
import { startKeeper } from '../../local/servers/keeper.ts';
import type { Engine, Source } from '../../local/sources/source.ts';
import { type Bracket, openBaseline, withReaders } from '../../shared/truth/bracket.ts';
import type { CheckResult } from '../../shared/truth/checks.ts';
import { compareRestored } from '../../shared/truth/comparison.ts';
import { type BaselineFigures, readFigures } from '../../shared/truth/figures.ts';
import { defaultSchemaOf } from '../../shared/truth/wanted.ts';
import { makeChecks } from '../shared/drill/state-fixture.ts';
import { until } from './world.ts';

export type Captured = { bracket: Bracket; figures: BaselineFigures };

const remainingMs = () => 60_000;

/** A source, and the parts of a drill of it without a state machine: baseline, restore, comparison. */
export const startDrilledSource = async <Here extends Source>(engine: EngineName, kind: Engine<Here>) => {
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
  const common = { checks: makeChecks({ checksum: 'full' }), defaultSchema: defaultSchemaOf(address) };
  let copies = 0;

  /** Reads a baseline, and waits until its instant can be restored. */
  const capture = async (): Promise<Captured> => {
    const found = await withReaders(port, address, { sessions: 2, remainingMs }, async (readers) => {
      const opened = await openBaseline(readers);
      return { bracket: opened.bracket, figures: await readFigures(readers, { ...common, opened, seed: 1 }) };
    });
    await until(
      async () => source.latestRestorableTime(),
      (latest) => Date.parse(latest) > Date.parse(found.bracket.instant),
    );
    return found;
  };

  /** Restores to the instant of a baseline, and compares. */
  const restore = async ({ bracket, figures }: Captured, fault: Fault | null): Promise<CheckResult[]> => {
    copies += 1;
    const servers = source.makeServers(`copy-${copies}`, fault);
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

  const drill = async (): Promise<CheckResult[]> => restore(await capture(), null);
  return { source, capture, restore, drill, close: () => keeper.close() };
};
