/** Public: the name of every snapshot that a mark takes begins with this. Nothing of ours ever deletes one. */
export const safetyPrefix = 'safety-';

/** Public: after this instant nobody needs the snapshot. The sweeper then says how to delete it, and does not. */
export const safetyTags = { source: 'aurora-safety:source', expires: 'aurora-safety:expires' } as const;
