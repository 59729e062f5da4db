// Run by memory.ts as a bundle, in its own process. Reads a table as the two functions do, and prints the most memory that
// each took and the verdicts of the checks of rows and values. The copy is the same database under writes: it holds the
// same rows, and other values.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DatabaseAddress } from '../shared/database/port.ts';
import { postgresDatabase } from '../shared/database/postgres/reader.ts';
import { pack, unpack } from '../shared/job/packing.ts';
import { parsePlans } from '../shared/plan/plans.ts';
import { openBaseline, withReaders } from '../shared/truth/bracket.ts';
import type { CheckResult } from '../shared/truth/checks.ts';
import { compareRestored } from '../shared/truth/comparison.ts';
import { readFigures } from '../shared/truth/figures.ts';

type Order = { address: DatabaseAddress; password: string };
export type ReadCheck = Pick<CheckResult, 'kind' | 'verdict' | 'reason'>;
type Read = { restoreTo: string; figures: string };

const { checks } = parsePlans(
  'plans: { bench: { source: bench, database: { name: postgres, user: postgres }, checks: { checksum: full } } }',
  'bench',
).bench as { checks: ReturnType<typeof parsePlans>[string]['checks'] };
const remainingMs = () => 600_000;
const defaultSchema = 'public';

const capture = async ({ address, password }: Order): Promise<Read> => {
  const database = postgresDatabase(async () => ({ password, ssl: false }));
  return withReaders(database, address, { sessions: 2, remainingMs }, async (readers) => {
    const opened = await openBaseline(readers);
    const figures = await readFigures(readers, { checks, defaultSchema, opened, seed: 1 });
    return { restoreTo: opened.bracket.instant, figures: pack(figures) };
  });
};

const verify = async ({ address, password }: Order, { restoreTo, figures }: Read) => {
  const database = postgresDatabase(async () => ({ password, ssl: false }));
  const reader = await database.open(address, { sessions: 4, remainingMs });
  await reader.openSnapshot(0);
  const expectation = {
    kind: 'same-instant' as const,
    restoreTo,
    bracket: null,
    figures: unpack(figures) as Awaited<ReturnType<typeof readFigures>>,
    checks,
    defaultSchema,
  };
  const found: ReadCheck[] = [];
  for await (const { kind, verdict, reason } of compareRestored(reader, expectation)) {
    if (kind === 'rows' || kind === 'checksum') found.push({ kind, verdict, reason });
  }
  await reader.close();
  return found;
};

const maxRssMb = (): number => process.resourceUsage().maxRSS / 1024;

/** Each in its own process, so that neither counts the other's memory. */
const runApart = (message: object): Promise<{ mb: number; answer: unknown }> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['apart']);
    child.once('message', (answer) => resolve(answer as { mb: number; answer: unknown }));
    child.once('exit', (code) => (code === 0 ? null : reject(new Error(`ended with ${code}`))));
    child.send(message);
  });

if (process.argv[2] === 'apart') {
  process.once('message', async ({ order, read }: { order: Order; read: Read | null }) => {
    const answer = read === null ? await capture(order) : await verify(order, read);
    process.send?.({ mb: maxRssMb(), answer });
    process.disconnect();
  });
} else {
  const order = JSON.parse(process.argv[2] ?? '{}') as Order;
  const began = performance.now();
  const baseline = await runApart({ order, read: null });
  const verification = await runApart({ order, read: baseline.answer });
  process.stdout.write(
    JSON.stringify({
      baselineMb: baseline.mb,
      verificationMb: verification.mb,
      seconds: (performance.now() - began) / 1000,
      checks: verification.answer,
    }),
  );
}
