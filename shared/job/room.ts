/** Of the same in several sizes, the largest first: the first that fits, or the last, of which Step Functions then says that it does not. */
export const takeFirst = <Size>(sizes: Size[], fits: (size: Size) => boolean): Size =>
  sizes.find(fits) ?? (sizes.at(-1) as Size);

/** Most of what Step Functions carries, which is 256 KiB. */
const maxOutputBytes = 200_000;

/** Does a document have room in the output of an execution? That is not packed. */
export const fitsOutput = (document: unknown): boolean =>
  Buffer.byteLength(JSON.stringify(document)) <= maxOutputBytes;
