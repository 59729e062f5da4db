/** Of "arn:aws:rds:eu-west-1:123456789012:cluster:prod", what is the same for all of one account and Region. */
const homeOf = (arn: string): string => arn.split(':', 5).join(':');

/** Do both belong to one account, in one Region? False when either is not known. */
export const isSameHome = (a: string | null | undefined, b: string | null | undefined): boolean =>
  Boolean(a && b) && homeOf(a ?? '') === homeOf(b ?? '');
