import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appliesTo, type Fault, faults } from '../../../local/faults/catalog.ts';
import type { EngineName } from '../../../local/servers/engine-name.ts';
import { chooseEngine } from '../../../local/sources/engines.ts';
import type { WriteLoad } from '../../../local/sources/write-load.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { type Captured, startDrilledSource } from '../drilled-source.ts';
import { hasMariadb } from '../mariadb.ts';
import { until } from '../world.ts';

type Kinds = CheckResult['kind'][];

/** What finds a damage: the kinds of checks that fail, more of them on one engine, and a part of the first one's reason. */
const findings: Record<string, { kinds: Kinds; more?: Partial<Record<EngineName, Kinds>>; reason: string }> =
  {
    'lost-rows': { kinds: ['rows', 'checksum'], reason: 'missing' },
    'changed-values': { kinds: ['checksum'], reason: 'as many as expected' },
    'swapped-rows': { kinds: ['checksum'], reason: 'as many as expected' },
    'lost-table': { kinds: ['schema'], reason: 'the table is missing' },
    'lost-index': { kinds: ['schema'], reason: 'lacks' },
    'stale-restore': { kinds: ['time'], reason: 'restored to another time than asked' },
    'sequence-behind': { kinds: ['schema'], reason: 'the sequence is behind its column' },
    'corrupt-page': { kinds: ['rows', 'checksum'], reason: 'it cannot be read' },
  };

const isDamage = ({ damage, damageFiles, restoreEarlierSeconds }: Fault): boolean =>
  [damage, damageFiles, restoreEarlierSeconds].some((act) => act !== undefined);

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
    let drilled: Awaited<ReturnType<typeof startDrilledSource>>;
    let load: WriteLoad;
    let captured: Captured;

    beforeAll(async () => {
      drilled = await startDrilledSource(engine, chooseEngine(engine, null));
      load = await drilled.source.startWriteLoad();
      await until(
        async () => load.rowsWritten(),
        (rows) => rows > 1000,
      );
      captured = await drilled.capture();
    });
    afterAll(async () => {
      await load?.stop();
      await drilled?.close();
    });

    test('restored as it was: every check passes, and all six checksums are among them', async () => {
      const found = await drilled.restore(captured, null);
      expect(found.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
      expect(found.filter(({ kind }) => kind === 'checksum')).toHaveLength(6);
    });

    test.each(
      faults
        .filter((fault) => isDamage(fault) && appliesTo(fault, engine))
        .map((fault) => [fault.name, fault] as const),
    )('%s: found by the checks that should, and by no others', async (name, fault) => {
      const failed = (await drilled.restore(captured, fault)).filter(({ verdict }) => verdict === 'failed');
      const { kinds, more, reason } = findings[name] ?? { kinds: [], reason: '' };
      const wanted = [...kinds, ...(more?.[engine] ?? [])].sort();
      expect([...new Set(failed.map(({ kind }) => kind))].sort()).toEqual(wanted);
      expect(failed[0]?.reason).toContain(reason);
    });
  });
});
