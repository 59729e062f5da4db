import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresFixture, startPostgres, tableOf, withReader } from './fixture.ts';

let postgres: PostgresFixture;

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.asOwner(`
    create domain second as timestamp(0);
    create table times (zoned timestamptz, "Odd ""one" timestamptz(3), whole second, tenths timestamp(1), day date);
    insert into times values
      ('2026-11-16 07:59:59.999999+00', null, '2026-11-16 08:00:00', null, '2026-11-15'),
      ('2026-11-16 08:00:00+00', null, '2026-11-16 08:00:00', null, '2026-11-16'),
      ('2026-11-16 09:00:00+00', null, '2026-11-16 09:00:00', null, '2026-11-17'),
      ('infinity', null, 'infinity', null, 'infinity'), ('-infinity', null, '-infinity', null, '-infinity'),
      (null, null, null, null, null);
    grant select on times to drill_reader`);
});
afterAll(() => postgres?.close());

test.each([
  ['zoned', true, 0.001],
  ['Odd "one', true, 1],
  ['whole', false, 1000],
  ['tenths', false, 100],
  ['day', false, 86_400_000],
])('%s: does it hold instants? %s; rounded to %f ms', async (name, isZoned, unitMs) => {
  const found = await withReader(postgres.openReader(), async (reader) =>
    reader.timeColumn(await tableOf(reader, 'public.times'), name),
  );
  expect(found).toEqual({ name, isZoned, unitMs });
});

test.each([
  // What a wall clock shows is an hour later than UTC here.
  ['zoned', { rows: [2, 2, 1], without: 1 }],
  ['whole', { rows: [3, 1, 1], without: 1 }],
  ['day', { rows: [3, 1, 1], without: 1 }],
  ['tenths', { rows: [0, 0, 0], without: 6 }],
])('%s: rows counted by span, each moment with what it begins', async (column, counts) => {
  const bounds = [
    { utc: '2026-11-16T08:00:00Z', wallClock: '2026-11-16 09:00:00' },
    { utc: '2026-11-16T10:00:00Z', wallClock: '2026-11-17 11:00:00' },
  ];
  const found = await withReader(postgres.openReader(), async (reader) =>
    reader.countByTime(await tableOf(reader, 'public.times'), column, bounds),
  );
  expect(found).toEqual(counts);
});
