import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Keeper } from '../local/servers/keeper.ts';
import type { Postgres } from '../local/servers/postgres.ts';
import { findServerUser } from '../local/servers/user.ts';
import { postgresExtraction } from '../shared/copying/postgres/extraction.ts';
import { copyTables } from '../shared/copying/run.ts';
import { measureAll, type Row, showSeconds, timeSeconds, watchMemory } from './measure.ts';
import { type BenchPostgres, makeOrders, startBenchPostgres } from './postgres-bench.ts';

const sessions = 2;
const schema = 'extracted';
const limits = { remainingMs: () => 3_600_000 };

/** Debian's PostgreSQL: pg_dump refuses a server that is newer than itself, so both come from one folder. */
export const findClientTools = (): string | null =>
  globSync('/usr/lib/postgresql/*/bin').find((folder) =>
    ['initdb', 'postgres', 'pg_dump', 'pg_restore'].every((name) => existsSync(join(folder, name))),
  ) ?? null;

const findIn =
  (tools: string) =>
  async (keeper: Keeper): Promise<Postgres> => ({
    initdb: join(tools, 'initdb'),
    postgres: join(tools, 'postgres'),
    ...(await findServerUser(keeper)),
  });

/** Extracts a table into another database of the server, beside pg_dump piped into pg_restore. */
export const benchCopying = async (rows = 5_000_000, rounds = 3): Promise<Row[]> => {
  const tools = findClientTools();
  const name = `extracting ${rows / 1e6} million rows, ${sessions} sessions`;
  if (tools === null) {
    const note = 'apt-get install postgresql, whose server and client tools are of one version';
    return [{ name, ours: 'skipped', other: 'pg_dump | pg_restore', ratio: null, note }];
  }
  const postgres = await startBenchPostgres(findIn(tools));
  try {
    await makeOrders(postgres, 'orders', rows);
    const remade = async (): Promise<void> => {
      await postgres.client.query('drop database if exists sandbox');
      await postgres.client.query('create database sandbox');
      await postgres.client.query('checkpoint');
    };
    const after = (act: () => Promise<unknown>) => async (): Promise<number> => {
      await remade();
      return timeSeconds(act);
    };
    const memory = watchMemory();
    const seen = await measureAll(rounds, {
      ours: after(() => memory.during(() => extractOrders(postgres))),
      dumped: after(() => dumpOrders(postgres, tools, '')),
      bare: after(() => dumpOrders(postgres, tools, '--compress=0')),
    });
    const perSecond = `${Math.round(rows / seen.ours).toLocaleString('en-US')} rows a second`;
    return [
      {
        name,
        ours: showSeconds(seen.ours),
        other: `${showSeconds(seen.dumped)} pg_dump --format=custom | pg_restore`,
        ratio: seen.dumped / seen.ours,
        note: `${perSecond}, keys included, median of ${rounds}; at most ${memory.mostMegabytes()} MB more in this process`,
      },
      {
        name,
        ours: showSeconds(seen.ours),
        other: `${showSeconds(seen.bare)} the same without compression`,
        ratio: seen.bare / seen.ours,
        note: `median of ${rounds}`,
      },
    ];
  } finally {
    await postgres.stop();
  }
};

const extractOrders = async ({ address, password }: BenchPostgres): Promise<void> => {
  const signIn = async () => ({ password, ssl: false as const });
  const extraction = postgresExtraction({ copy: signIn, sandbox: signIn });
  const sandbox = {
    address: { ...address, database: 'sandbox' },
    schema,
    origin: { source: 'bench', restoreTo: '2026-11-19T02:13:00Z', id: '1a2b3c4d' },
  };
  const request = { tables: ['public.orders'], where: {}, withParents: false, schema };
  const tables = await extraction.describeTables(address, request, limits);
  await extraction.makeSchema(sandbox, tables, limits);
  const copying = await extraction.openCopying(address, sandbox, { sessions, ...limits });
  try {
    await copyTables(copying, tables, { sessions, ...limits });
  } finally {
    await copying.close();
  }
  await extraction.finish(sandbox, tables, limits);
};

const dumpOrders = async (
  { address: { host, port, user }, password }: BenchPostgres,
  tools: string,
  options: string,
): Promise<void> => {
  const server = `--host=${host} --port=${port} --username=${user}`;
  const dump = `${tools}/pg_dump ${server} --format=custom ${options} --table=public.orders postgres`;
  const pipe = `${dump} | ${tools}/pg_restore ${server} --dbname=sandbox --exit-on-error`;
  await promisify(execFile)('bash', ['-o', 'pipefail', '-c', pipe], {
    env: { PGPASSWORD: password, PATH: process.env.PATH },
  });
};
