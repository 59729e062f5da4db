import { DrillError } from '../errors.ts';
import { type Packed, pack } from '../job/packing.ts';
import type { RehearseInput, StoredScript } from '../rehearsal/input.ts';
import { decodeScript, maxScriptBytes } from '../rehearsal/script.ts';

/** The port to scripts of changes. Fails with a DrillError: ScriptNotRead, ChangeRefused, or a transient one. */
export type Scripts = { read(script: StoredScript): Promise<Uint8Array> };

/** In the report bucket. The role of the function that reads them reaches nothing else. */
export const scriptPrefix = 'changes/';

/** @param reportBucket the one of this deployment. @throws DrillError ScriptNotRead */
export const assertInChanges = (
  { bucket, key }: Pick<StoredScript, 'bucket' | 'key'>,
  reportBucket: string,
): void => {
  if (bucket === reportBucket && key.startsWith(scriptPrefix)) return;
  throw new DrillError(
    'ScriptNotRead',
    `script s3://${bucket}/${key} is elsewhere, expected below s3://${reportBucket}/${scriptPrefix}`,
  );
};

/** Before it is read: nobody needs the rest of what is too large. @throws DrillError ChangeRefused */
export const assertFits = (what: string, bytes = 0): void => {
  if (bytes > maxScriptBytes) throw tooLarge(`${what}: ${bytes} bytes`, `${maxScriptBytes} bytes`);
};

/** A fifth of what Step Functions carries. */
const maxPackedBytes = 52_000;

/**
 * The texts of a change, in order, wherever they stand.
 * @throws DrillError as Scripts does, and ChangeRefused for one that is another than its hash says, or no UTF-8
 */
export const readTexts = async (
  change: RehearseInput['change'],
  scripts: Scripts,
): Promise<{ texts: string[]; storedAt: StoredScript | null }> =>
  Array.isArray(change)
    ? { texts: change, storedAt: null }
    : { texts: [decodeScript(await scripts.read(change), change.sha256)], storedAt: change };

/** For the state data. @throws DrillError ChangeRefused when it does not fit there */
export const packTexts = (texts: string[]): Packed<string[]> => {
  const packed = pack(texts);
  if (packed.length <= maxPackedBytes) return packed;
  throw tooLarge(`the change has ${packed.length} bytes when packed`, `${maxPackedBytes}`);
};

const tooLarge = (seen: string, expected: string): DrillError =>
  new DrillError('ChangeRefused', `${seen}, expected ${expected} at most`, {
    hint: 'rehearse the change in parts',
  });
