import { open } from 'node:fs/promises';

/** The magic number at the head of a binary log (MariaDB's and MySQL's documentation, "Binary Log File Structure"). */
const magic = Buffer.from([0xfe, 0x62, 0x69, 0x6e]);
/** Time in seconds (4 bytes), type (1), server (4), length of the event (4), position of the next (4), flags (2). */
const headerLength = 19;

/**
 * Does a closed binary log hold an event of this second or a later one? mariadb-binlog stops there.
 * @throws Error when the file is no whole binary log
 */
export const reachesSecond = async (path: string, second: number): Promise<boolean> => {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(magic.length);
    await file.read(head, 0, head.length, 0);
    if (!head.equals(magic)) throw new Error(`${path} is no binary log`);
    const header = Buffer.alloc(headerLength);
    let at = magic.length;
    while (at < size) {
      const { bytesRead } = await file.read(header, 0, headerLength, at);
      const length = bytesRead === headerLength ? header.readUInt32LE(9) : 0;
      if (length < headerLength || at + length > size)
        throw new Error(`${path} ends in the middle of an event`);
      if (header.readUInt32LE(0) >= second) return true;
      at += length;
    }
    return false;
  } finally {
    await file.close();
  }
};
