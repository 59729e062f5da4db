import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresEngine } from '../../../local/sources/postgres.ts';
import { type Moments, startDrilledSource } from '../drilled-source.ts';

const setUp = `create table stays as select n as id from generate_series(1, 500) n;
  alter table stays add primary key (id);
  create view old as select 1 as a;`;

/** What is made, and undone, of several kinds. */
const make = `create table passing as select 1 as a;
  alter table stays add column extra int;
  create index stays_extra on stays (extra);
  create view passing_view as select 1 as a;
  create function passing_function() returns int language sql as 'select 1';
  comment on view old is 'changed';
  grant select on old to public`;
const undo = `drop table passing;
  alter table stays drop column extra;
  drop view passing_view;
  drop function passing_function();
  comment on view old is null;
  revoke select on old from public`;

const pairs: [keyof Moments, keyof Moments][] = [
  ['definitions', 'after'],
  ['before', 'after'],
  ['before', 'end'],
];

describe('definitions that production makes and undoes around the snapshots of a baseline', () => {
  let world: Awaited<ReturnType<typeof start>>;
  const start = () =>
    startDrilledSource(
      'postgres',
      postgresEngine(async (client) => void (await client.query(setUp))),
    );
  /** The server counts what a session did at its end at the latest, but 10 s late for one that idles. */
  const run = async (sql: string): Promise<void> => {
    const client = await world.source.connect();
    await client.query(sql).finally(() => client.end());
  };
  beforeAll(async () => {
    world = await start();
  });
  afterAll(async () => {
    await world?.close();
  });

  test.each(pairs)('made ahead of "%s", undone ahead of "%s": no drill fails', async (made, undone) => {
    const checks = await world.drill({ [made]: () => run(make), [undone]: () => run(undo) });
    const failed = checks.filter(({ verdict }) => verdict === 'failed');
    expect(failed.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([]);
  });
});
