// Run by difference.ts as a bundle, in its own process. Finds what differs in the table `orders` of two databases, and
// prints how long that took, how much memory, and how many keys it found.
import type { DatabaseAddress, Reader } from '../shared/database/port.ts';
import { postgresDatabase } from '../shared/database/postgres/reader.ts';
import { findDifference } from '../shared/rows/difference.ts';
import type { Side } from '../shared/rows/matching.ts';

type Order = { addresses: [DatabaseAddress, DatabaseAddress]; password: string };
export type FoundRows = { seconds: number; mb: number; keys: number; isExact: boolean };

const { addresses, password } = JSON.parse(process.argv[2] ?? '') as Order;
const database = postgresDatabase(async () => ({ password, ssl: false }));

const openSide = async (address: DatabaseAddress): Promise<Side> => {
  const reader: Reader = await database.open(address, { sessions: 2, remainingMs: () => 600_000 });
  await reader.openSnapshot(0);
  const [table] = await reader.listTables();
  if (table === undefined) throw new Error(`${address.database} has no table`);
  return { reader, table };
};

const [left, right] = [await openSide(addresses[0]), await openSide(addresses[1])];
let keys = 0;
const began = performance.now();
const { isExact } = await findDifference(left, right, {
  mostFetched: Number.POSITIVE_INFINITY,
  mostListed: 10,
  mostExamined: 1000,
  onDifference: () => {
    keys += 1;
  },
});
const seconds = (performance.now() - began) / 1000;
await Promise.all([left.reader.close(), right.reader.close()]);
const mb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ seconds, mb, keys, isExact } satisfies FoundRows));
