import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DrillError } from '../errors.ts';

/**
 * A value as deflated JSON in base64: a tenth of its size. Step Functions carries 256 KiB of state data.
 * The `summary` beside it says what is in it. To unpack it by hand:
 * `node -p 'zlib.inflateRawSync(Buffer.from(process.argv[1], "base64")).toString()' <text>`
 */
export type Packed<Value> = string & { readonly holds?: Value };

export const pack = <Value>(value: Value): Packed<Value> =>
  deflateRawSync(JSON.stringify(value)).toString('base64');

/** Does a value take no more than that, packed? */
export const fitsPacked =
  (mostBytes: number) =>
  (value: unknown): boolean =>
    pack(value).length <= mostBytes;

export const unpack = <Value>(packed: Packed<Value>): Value => {
  try {
    return JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString());
  } catch (cause) {
    throw new DrillError('UnreadableAnswer', 'packed state data cannot be read', { cause });
  }
};
