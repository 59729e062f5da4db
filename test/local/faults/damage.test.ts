import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localDatabase } from '../../../local/aurora/database.ts';
import { appliesTo, type Fault, faults } from '../../../local/faults/catalog.ts';
import type { EngineName } from '../../../local/servers/engine-name.ts';
import { type Keeper, startKeeper } from '../../../local/servers/keeper.ts';
import { chooseEngine } from '../../../local/sources/engines.ts';
import type { Source } from '../../../local/sources/source.ts';
import type { WriteLoad } from '../../../local/sources/write-load.ts';
import type { Database } from '../../../shared/database/port.ts';
import { type Bracket, openBaseline, withReaders } from '../../../shared/truth/bracket.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { compareRestored } from '../../../shared/truth/comparison.ts';
import { type BaselineFigures, readFigures } from '../../../shared/truth/figures.ts';
import { defaultSchemaOf } from '../../../shared/truth/wanted.ts';
import { makeChecks } from '../../shared/drill/state-fixture.ts';
import { hasMariadb } from '../mariadb.ts';
import { until } from '../world.ts';

/** What finds a damage: the kinds of checks that fail, and a part of the first one's reason. */
const findings: Record<string, { kinds: CheckResult['kind'][]; reason: string }> = {
  'lost-rows': { kinds: ['rows', 'checksum'], reason: 'missing' },
  'changed-values': { kinds: ['checksum'], reason: 'as many as expected' },
  'swapped-rows': { kinds: ['checksum'], reason: 'as many as expected' },
  'lost-table': { kinds: ['schema'], reason: 'the table is missing' },
  'lost-index': { kinds: ['schema'], reason: 'lacks' },
  'stale-restore': { kinds: ['rows', 'checksum'], reason: 'missing' },
  'sequence-behind': { kinds: ['schema'], reason: 'the sequence is behind its column' },
  'corrupt-page': { kinds: ['rows', 'checksum'], reason: 'it cannot be read' },
};

const password = 'only-for-this-test';
const database = 'app';
const checks = makeChecks({ checksum: 'full' });
const isDamage = ({ damage, damageFiles, restoreEarlierSeconds }: Fault): boolean =>
  [damage, damageFiles, restoreEarlierSeconds].some((act) => act !== undefined);

type Captured = { bracket: Bracket; figures: BaselineFigures };

const engines: [EngineName, boolean][] = [
  ['postgres', true],
  ['mysql', hasMariadb],
];

test('faults that damage the copy: each has its finding here, and no other one', () => {
  expect(Object.keys(findings).sort()).toEqual(
    faults
      .filter(isDamage)
      .map(({ name }) => name)
      .sort(),
  );
});

describe.each(engines)('a copy of the sample database under writes, %s', (engine, isInstalled) => {
  describe.skipIf(!isInstalled)('its server is installed', () => {
    let keeper: Keeper;
    let source: Source;
    let load: WriteLoad;
    let port: Database;
    let captured: Captured;
    const address = () => ({
      engine: `aurora-${engine === 'mysql' ? 'mysql' : 'postgresql'}`,
      host: '127.0.0.1',
      port: source.port,
      database,
      user: 'drill_reader',
    });
    const defaultSchema = () => defaultSchemaOf(address());
    const remainingMs = () => 60_000;

    beforeAll(async () => {
      keeper = await startKeeper();
      source = await chooseEngine(engine, null).startSource({
        keeper,
        database,
        readerUser: 'drill_reader',
        password,
      });
      port = localDatabase(engine, password);
      load = await source.startWriteLoad();
      await until(
        async () => load.rowsWritten(),
        (rows) => rows > 1000,
      );
      captured = await captureRestorable();
    });
    afterAll(async () => {
      await load?.stop();
      await keeper?.close();
    });

    const capture = (): Promise<Captured> =>
      withReaders(port, address(), { sessions: 2, remainingMs }, async (readers) => {
        const opened = await openBaseline(readers);
        const figures = await readFigures(readers, {
          checks,
          defaultSchema: defaultSchema(),
          opened,
          seed: 1,
        });
        return { bracket: opened.bracket, figures };
      });

    const captureRestorable = async (): Promise<Captured> => {
      const found = await capture();
      await until(
        async () => source.latestRestorableTime(),
        (latest) => Date.parse(latest) > Date.parse(found.bracket.instant),
      );
      return found;
    };

    /** Restores to the instant of a baseline, and compares. */
    const restore = async ({ bracket, figures }: Captured, fault: Fault | null): Promise<CheckResult[]> => {
      const servers = source.makeServers(`copy-${fault?.name ?? 'whole'}`, fault);
      try {
        const restoredPort = await servers.recover({ kind: 'point-in-time', restoreTo: bracket.instant });
        await servers.start();
        const reader = await port.open({ ...address(), port: restoredPort }, { sessions: 4, remainingMs });
        try {
          await reader.openSnapshot(0);
          const expectation = {
            kind: 'same-instant' as const,
            restoreTo: bracket.instant,
            bracket,
            figures,
            checks,
            defaultSchema: defaultSchema(),
          };
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

    test('restored as it was: every check passes, and all six checksums are among them', async () => {
      const found = await restore(captured, null);
      expect(found.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
      expect(found.filter(({ kind }) => kind === 'checksum')).toHaveLength(6);
    });

    test.each(
      faults
        .filter((fault) => isDamage(fault) && appliesTo(fault, engine))
        .map((fault) => [fault.name, fault] as const),
    )('%s: found by the checks that should, and by no others', async (name, fault) => {
      const failed = (await restore(captured, fault)).filter(({ verdict }) => verdict === 'failed');
      const { kinds, reason } = findings[name] ?? { kinds: [], reason: '' };
      expect([...new Set(failed.map(({ kind }) => kind))].sort()).toEqual(kinds.toSorted());
      expect(failed[0]?.reason).toContain(reason);
    });
  });
});
