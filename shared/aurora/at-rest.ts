/**
 * How data is kept. `encryption` is RDS's own word: none, sse-rds (by a key of AWS) or sse-kms (by a key of the account).
 * `arn` tells account and Region. Null: RDS does not say.
 */
export type AtRest = { arn?: string | null; encryption?: string | null };

/** `copiedFrom`: the ARN of the snapshot that it is a copy of. */
export type KeptSnapshot = AtRest & { copiedFrom?: string | null };
