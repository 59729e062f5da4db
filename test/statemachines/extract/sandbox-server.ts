import pg from 'pg';
import { blankCluster } from '../../../local/aurora/descriptions.ts';
import { type ExtractOptions, type ExtractWorld, startExtract } from '../../../local/machine/extract.ts';
import { systemClock } from '../../../shared/clock.ts';
import { postgresExtraction } from '../../../shared/copying/postgres/extraction.ts';
import { postgresDatabase } from '../../../shared/database/postgres/reader.ts';
import { resolveAll } from '../../../shared/database/resolved-host.ts';
import type { ExtractDocument } from '../../../shared/extraction/document.ts';
import type { Message } from '../../../shared/messages/message.ts';
import { plansText, type TestWorld } from '../../local/world.ts';
import { password, signIn, startPostgres } from '../../shared/database/postgres/fixture.ts';
import { testPrices } from '../../shared/result/prices-fixture.ts';

const user = 'sandbox_writer';

/** The plan of the tests, with a sandbox. */
export const plansWithSandbox = `${plansText}    sandboxes:
      dev: { cluster: dev-aurora, resourceId: cluster-DEV-AURORA, database: sandbox, user: ${user} }
`;

/** A real server that stands for the sandbox of the plan, and extracts into it. */
export const startSandbox = async ({ aurora, database }: Pick<TestWorld, 'aurora' | 'database'>) => {
  const server = await startPostgres();
  const { port } = server.address;
  await server.asOwner('create database sandbox');
  await server.asOwner(`create role ${user} login password '${password}'`);
  await server.asOwner(`grant create on database sandbox to ${user}`);
  const owner = new pg.Client({ host: '127.0.0.1', port, database: 'sandbox', user: 'postgres', password });
  await owner.connect();
  const described = { ...blankCluster('postgres', 'dev-aurora', port), status: 'available' };
  const withSandbox: ExtractWorld['aurora'] = {
    ...aurora,
    findCluster: async (identifier) =>
      identifier === described.identifier ? described : aurora.findCluster(identifier),
  };

  /** Runs one extract to its end. */
  const extract = async (name: string, input: object, options: Options = {}) => {
    const messages: Message[] = [];
    const filed: ExtractDocument[] = [];
    const execution = await startExtract({
      name,
      input: { restoreTo: 'latest', ...input },
      waitMs: 20,
      ...options,
      world: {
        aurora: withSandbox,
        database,
        notify: async (message) => void messages.push(message),
        readPlans: async () => plansWithSandbox,
        placeOf: () => 'extracts/report.html',
        file: async (document) => void filed.push(document),
        prices: () => testPrices,
        onCheck: () => {},
        teardownMinutes: 60,
        now: systemClock,
        pause: async () => {},
        warn: () => {},
        extraction: postgresExtraction({ copy: signIn, sandbox: signIn }),
        sandboxes: postgresDatabase(signIn),
        resolve: resolveAll,
        mostMs: 60_000,
        ...options.world,
      },
    });
    const ended = await execution.finished;
    const { clusters } = await aurora.listClusters();
    return { ...ended, messages, filed, standing: clusters.map(({ identifier }) => identifier) };
  };

  return {
    extract,
    /** Runs statements as the sandbox's owner. @returns the rows of the last one */
    ask: async <Row extends object>(sql: string): Promise<Row[]> => {
      const answer = await owner.query<Row>(sql);
      return (Array.isArray(answer) ? answer.at(-1) : answer).rows;
    },
    close: async () => {
      await owner.end();
      await server.close();
    },
  };
};

type Options = Partial<Omit<ExtractOptions, 'world'>> & { world?: Partial<ExtractWorld> };
