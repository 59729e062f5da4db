import type { ConnectionOptions } from 'node:tls';
import type { DatabaseAddress } from './port.ts';

/**
 * How to sign in at an address: an IAM token and TLS in AWS, a plain password on this machine.
 * `bundle`: what messages call the certificate authorities in `ssl.ca`.
 */
export type SignIn = (
  address: DatabaseAddress,
) => Promise<{ password: string; ssl: ConnectionOptions | false; bundle?: string }>;
