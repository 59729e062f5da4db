import { fromAwsError } from '../../shared/aws/errors.ts';

/** Refuses as AWS would, through the same translation as its real answers. */
export const refusal = (what: string, name: string, message: string): Error =>
  fromAwsError(what, Object.assign(new Error(message), { name }));
