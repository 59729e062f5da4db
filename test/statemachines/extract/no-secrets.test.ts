import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { logCheck, logError } from '../../../shared/aws/lambda.ts';
import { postgresExtraction } from '../../../shared/copying/postgres/extraction.ts';
import { renderExtract } from '../../../shared/extraction/page.ts';
import { loadTwoTables, startTestWorld, type TestWorld } from '../../local/world.ts';
import { signIn } from '../../shared/database/postgres/fixture.ts';
import { keepPrinted, makeKept } from '../kept.ts';
import { startSandbox } from './sandbox-server.ts';

// The logger is made as its module is read.
vi.hoisted(() => {
  process.env.POWERTOOLS_LOG_LEVEL = 'DEBUG';
});

const row = 'a row of a customer';

let world: TestWorld;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
const printed = keepPrinted();

beforeAll(async () => {
  world = await startTestWorld({
    load: async (client) => {
      await loadTwoTables(client);
      await client.query(`update orders set item = '${row}'`);
    },
  });
  sandbox = await startSandbox(world);
});
afterAll(async () => {
  await sandbox?.close();
  await world?.keeper.close();
});

/** Runs an extract in which everything that anybody could read afterwards is kept. */
const extractAndKeepAll = async (
  name: string,
  extraction = postgresExtraction({ copy: signIn, sandbox: signIn }),
) => {
  const { kept, keep, notify, ...watching } = makeKept(name);
  const { result } = await sandbox.extract(
    name,
    { tables: ['orders'] },
    { ...watching, world: { notify, extraction, onCheck: logCheck, warn: logError } },
  );
  keep(result);
  kept.push(renderExtract(result), ...printed());
  return { kept: kept.join('\n'), result };
};

test('an extract that passes: neither a password nor a value of a row stands in any state, log, message, document or page', async () => {
  const { kept, result } = await extractAndKeepAll('local-secret-extracts');
  expect(result.failure).toBeNull();
  expect(await sandbox.ask(`select distinct item from ${result.sandbox?.schema}.orders`)).toEqual([
    { item: row },
  ]);
  // The log has been seen, or it would prove nothing.
  expect(kept).toContain('check done');
  for (const secret of [world.password, row]) expect(kept).not.toContain(secret);
});

test('the sandbox refuses a token: it stands nowhere', async () => {
  const token = 'X-Amz-Signature=of-this-test';
  const wrong = postgresExtraction({ copy: signIn, sandbox: async () => ({ password: token, ssl: false }) });
  const { kept, result } = await extractAndKeepAll('local-secret-refused', wrong);
  expect(result.failure).toMatchObject({ phase: 'AskSides', error: 'SandboxRefused' });
  expect(kept).toContain('the function failed');
  expect(kept).not.toContain(token);
});
