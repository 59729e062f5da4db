import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

type DataFile = { path: string; size: number };

const listFiles = async (folder: string): Promise<DataFile[]> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path, size: (await stat(path)).size };
    }),
  );
};

/** Flips some bytes in the middle of a page. @param number of the page, from 0 */
const flipBytes = async (path: string, number: number, pageBytes: number): Promise<void> => {
  const file = await open(path, 'r+');
  try {
    const at = number * pageBytes + pageBytes / 2;
    const bytes = Buffer.alloc(64);
    await file.read(bytes, 0, bytes.length, at);
    await file.write(
      bytes.map((byte) => byte ^ 0xff),
      0,
      bytes.length,
      at,
    );
  } finally {
    await file.close();
  }
};

const postgresPage = 8192;
/** Lower file numbers belong to the catalog (PostgreSQL manual, "Object identifier types"). */
const firstUserNumber = 16_384;

/** An index page has special space at its end, a heap page has none (PostgreSQL manual, "Database page layout"). */
const isHeap = async ({ path, size }: DataFile): Promise<boolean> => {
  if (size < postgresPage) return false;
  const file = await open(path, 'r');
  try {
    const header = Buffer.alloc(24);
    await file.read(header, 0, header.length, 0);
    return header.readUInt16LE(16) === postgresPage;
  } finally {
    await file.close();
  }
};

/** Damages the largest table of a PostgreSQL data folder. */
export const corruptPostgresPage = async (dataFolder: string): Promise<void> => {
  const files = (await listFiles(join(dataFolder, 'base')))
    .filter(({ path }) => Number(/\/(\d+)$/.exec(path)?.[1] ?? 0) >= firstUserNumber)
    .toSorted((a, b) => b.size - a.size);
  for (const file of files) {
    if (!(await isHeap(file))) continue;
    await flipBytes(file.path, Math.floor(file.size / postgresPage / 2), postgresPage);
    return;
  }
  throw new Error('there is no table to damage a page of');
};

const innodbPage = 16_384;

/**
 * The pages of a table's file that hold its rows: the leaves of its first index, the clustered one.
 * Source: InnoDB's fil0fil.h and page0types.h: type at byte 24, number of records at 54, level at 64, index id at 66.
 */
const listRowPages = (file: Buffer): number[] => {
  const leaves = Array.from({ length: Math.floor(file.length / innodbPage) }, (_, number) => number)
    .map((number) => ({ number, at: number * innodbPage }))
    .filter(({ at }) => file.readUInt16BE(at + 24) === 0x45bf && file.readUInt16BE(at + 64) === 0)
    .filter(({ at }) => file.readUInt16BE(at + 54) > 0)
    .map(({ number, at }) => ({ number, index: file.readBigUInt64BE(at + 66) }));
  const first = leaves.reduce<bigint | null>(
    (least, { index }) => (least === null || index < least ? index : least),
    null,
  );
  return leaves.filter(({ index }) => index === first).map(({ number }) => number);
};

/** Damages the largest table of a MariaDB data folder. */
export const corruptInnodbPage = async (dataFolder: string): Promise<void> => {
  const ofServer = /\/(mysql|sys|performance_schema)\//;
  const [largest] = (await listFiles(dataFolder))
    .filter(({ path }) => path.endsWith('.ibd') && !ofServer.test(path))
    .toSorted((a, b) => b.size - a.size);
  const pages = largest === undefined ? [] : listRowPages(await readFile(largest.path));
  const middle = pages[Math.floor(pages.length / 2)];
  if (largest === undefined || middle === undefined) throw new Error('there is no table to damage a page of');
  await flipBytes(largest.path, middle, innodbPage);
};
