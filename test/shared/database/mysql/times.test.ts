import { beforeAll, expect, test } from 'vitest';
import type { Reader } from '../../../../shared/database/port.ts';
import { formatTableName, type Table } from '../../../../shared/database/tables.ts';
import { describeMariadb } from './fixture.ts';

describeMariadb('MariaDB', (start) => {
  let reader: Reader;
  let table: Table;

  beforeAll(async () => {
    const server = await start();
    await server.run(`
      set session sql_mode = '', session time_zone = '+01:00';
      create table times (zoned timestamp(6) null, \`Odd (3)\` timestamp(3) null, whole datetime, day date);
      insert into times values
        ('2026-11-16 08:59:59.999999', null, '2026-11-16 08:00:00', '2026-11-15'),
        ('2026-11-16 09:00:00', null, '2026-11-16 08:00:00', '2026-11-16'),
        ('2026-11-16 10:00:00', null, '2026-11-16 09:00:00', '2026-11-17'),
        (null, null, '0000-00-00 00:00:00', '0000-00-00'), (null, null, null, '9999-12-31')`);
    reader = await server.open();
    const found = (await reader.listTables()).find((one) => formatTableName(one) === 'shop.times');
    if (found === undefined) throw new Error('shop.times is not listed');
    table = found;
  });

  test.each([
    ['zoned', 'zoned', true, 0.001],
    ['odd (3)', 'Odd (3)', true, 1],
    ['whole', 'whole', false, 1000],
    ['DAY', 'day', false, 86_400_000],
  ])('%s: %s, does it hold instants? %s; rounded to %f ms', (column, name, isZoned, unitMs) => {
    expect(reader.timeColumn(table, column)).toMatchObject({ name, isZoned, unitMs });
  });

  test.each([
    // What a wall clock shows is an hour later than UTC here.
    ['zoned', { rows: [1, 2, 0], without: 2 }],
    ['whole', { rows: [3, 1, 0], without: 1 }],
    ['day', { rows: [3, 1, 1], without: 0 }],
    ['Odd (3)', { rows: [0, 0, 0], without: 5 }],
  ])('%s: rows counted by span, each moment with what it begins', async (column, counts) => {
    const bounds = [
      { utc: '2026-11-16T08:00:00.000Z', wallClock: '2026-11-16 09:00:00.000' },
      { utc: '2026-11-16T10:00:00.000Z', wallClock: '2026-11-17 11:00:00.000' },
    ];
    expect(await reader.countByTime(table, column, bounds)).toEqual(counts);
  });
});
