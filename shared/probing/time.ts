/** The time of a rehearsal, in milliseconds since it began. */
export type Time = { nowMs(): number; sleep(ms: number): Promise<void> };
