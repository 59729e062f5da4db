/** What CloudWatch tells of a job's storage volumes. Null where it has no figure. */
export type VolumeFigures = {
  /** Billed reads of the copy, while it existed. */
  copyReads: number | null;
  /** Billed reads of production, while the job read it: those of everybody else then are in it. */
  sourceReads: number | null;
  /** The size of the copy; production's when there is none of the copy. */
  bytes: number | null;
};

export const unknownVolume: VolumeFigures = { copyReads: null, sourceReads: null, bytes: null };
