/** Something that was asked, or why the answer is not known. */
export type Known<Value> = { value: Value } | { unknown: string };
