import { Signer } from '@aws-sdk/rds-signer';
import { mysqlDatabase } from '../database/mysql/reader.ts';
import type { Database } from '../database/port.ts';
import { postgresDatabase } from '../database/postgres/reader.ts';
import type { SignIn } from '../database/sign-in.ts';
import { rdsCertificates } from './certificates.ts';
import { readSetting } from './environment.ts';

/**
 * IAM database authentication. The token is signed here for the real host, without a call to AWS, and lives 15 minutes
 * (Aurora User Guide, "IAM database authentication").
 */
export const iamSignIn: SignIn = async ({ host, port, user }) => {
  const signer = new Signer({ hostname: host, port, username: user, region: readSetting('AWS_REGION') });
  return {
    password: await signer.getAuthToken(),
    ...rdsCertificates,
  };
};

/** Aurora of either engine. The address says which. */
export const iamDatabase = (): Database => {
  const [postgres, mysql] = [postgresDatabase(iamSignIn), mysqlDatabase(iamSignIn)];
  return {
    open: (address, options) => (address.engine === 'aurora-mysql' ? mysql : postgres).open(address, options),
  };
};
