import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { isPostgresMistake } from '../../database/postgres/errors.ts';
import { DrillError } from '../../errors.ts';
import type { Copied } from '../port.ts';
import type { Session } from './session.ts';

/** What the server says of a value holds the value, which belongs in no log. Of classes 22 and 23: it refuses the value. */
const explain = (what: string, side: Session, isInto: boolean, error: unknown): DrillError => {
  const { code = '' } = error as { code?: string };
  if (/^2[23]/.test(code))
    return new DrillError('DatabaseFailure', `${what}: a value was refused (SQLSTATE ${code})`);
  // As a regclass does.
  if (isInto && isPostgresMistake({ code })) {
    const why = `a value names something that the sandbox lacks (SQLSTATE ${code})`;
    return new DrillError('DatabaseFailure', `${what}: ${why}`);
  }
  return side.explain(what, error);
};

/** Streams what one COPY writes into another. @throws DrillError of the side that failed first */
export const streamRows = async (
  what: string,
  copy: Session,
  sandbox: Session,
  { out, into }: { out: string; into: string },
): Promise<Copied> => {
  const [reader, writer] = [await copy.beginStream(what), await sandbox.beginStream(what)];
  const source = reader.query(copyTo(out));
  const target = writer.query(copyFrom(into));
  let failed: Session | null = null;
  source.once('error', () => (failed ??= copy));
  target.once('error', () => (failed ??= sandbox));
  let bytes = 0;
  const counting = new Transform({
    transform: (piece: Buffer, _, done) => {
      bytes += piece.length;
      done(null, piece);
    },
  });
  try {
    await pipeline(source, counting, target);
  } catch (error) {
    const side = (failed as Session | null) ?? sandbox;
    throw explain(what, side, side === sandbox, error);
  }
  copy.endStream();
  sandbox.endStream();
  return { rows: target.rowCount, bytes };
};
