import { expect, test } from 'vitest';
import { fromAwsError } from '../../../shared/aws/errors.ts';
import { DrillError, transientErrors } from '../../../shared/errors.ts';
import { awsError } from './aws-error.ts';

const operation = 'restore drill-app-1f2e3d4c from app';

/** From the RDS, SNS and STS service models, and names that RDS answers with although no model has them. */
test.each([
  [
    'Throttled',
    'Throttling ThrottlingException ThrottledException RequestLimitExceeded TooManyRequestsException',
  ],
  ['AwsUnavailable', 'InternalFailure InternalError InternalErrorException ServiceUnavailable'],
  ['AwsUnavailable', 'RequestTimeout TimeoutError NetworkingError'],
  ['AccessDenied', 'AccessDenied AccessDeniedException AuthorizationErrorException UnauthorizedOperation'],
  ['QuotaExceeded', 'DBClusterQuotaExceededFault InstanceQuotaExceededFault StorageQuotaExceededFault'],
  ['CapacityUnavailable', 'InsufficientDBClusterCapacityFault InsufficientDBInstanceCapacityFault'],
  ['CapacityUnavailable', 'InsufficientStorageClusterCapacityFault'],
  ['RequestRefused', 'InvalidParameterValue InvalidParameterCombination InvalidRestoreFault InvalidSubnet'],
  ['RequestRefused', 'InvalidVPCNetworkStateFault DBSubnetGroupNotFoundFault'],
  ['RequestRefused', 'DBSubnetGroupDoesNotCoverEnoughAZs DBClusterParameterGroupNotFoundFault'],
  ['RequestRefused', 'DBParameterGroupNotFoundFault'],
  ['KeyUnusable', 'KMSKeyNotAccessibleFault'],
  ['ClusterNotFound', 'DBClusterNotFoundFault DBInstanceNotFoundFault'],
  ['SnapshotNotFound', 'DBClusterSnapshotNotFoundFault'],
  [
    'TargetNameTaken',
    'DBClusterAlreadyExistsFault DBInstanceAlreadyExistsFault DBClusterSnapshotAlreadyExistsFault',
  ],
  [
    'InvalidClusterState',
    'InvalidDBClusterStateFault InvalidDBInstanceStateFault InvalidDBClusterSnapshotStateFault',
  ],
])('%s: AWS answers %s', (name, awsNames) => {
  for (const awsName of awsNames.split(' ')) {
    expect(fromAwsError(operation, awsError(awsName)).name, awsName).toBe(name);
  }
});

test.each([
  ['DBInstanceNotFound', 'ClusterNotFound'],
  ['DBInstanceAlreadyExists', 'TargetNameTaken'],
  ['InvalidDBInstanceState', 'InvalidClusterState'],
  ['InstanceQuotaExceeded', 'QuotaExceeded'],
])('RDS leaves the suffix off %s: still %s', (awsName, name) => {
  expect(fromAwsError(operation, awsError(awsName)).name).toBe(name);
});

test.each([
  ['the connection was reset', { code: 'ECONNRESET' }, 'AwsUnavailable'],
  ['the connection was refused', { code: 'ECONNREFUSED' }, 'AwsUnavailable'],
  ['the connection was aborted', { code: 'ECONNABORTED' }, 'AwsUnavailable'],
  ['the connection was closed at the other end', { code: 'EPIPE' }, 'AwsUnavailable'],
  ['nothing answered in time', { code: 'ETIMEDOUT' }, 'AwsUnavailable'],
  ['the name did not resolve', { code: 'ENOTFOUND' }, 'AwsUnavailable'],
  ['the name did not resolve for now', { code: 'EAI_AGAIN' }, 'AwsUnavailable'],
  ['the service answered 500', { $metadata: { httpStatusCode: 500 } }, 'AwsUnavailable'],
  ['the service answered 503', { $metadata: { httpStatusCode: 503 } }, 'AwsUnavailable'],
  ['the service answered 429', { $metadata: { httpStatusCode: 429 } }, 'Throttled'],
])('%s: a transient error, which is retried', (_, facts, name) => {
  const error = fromAwsError(operation, awsError('Error', facts));
  expect(error.name).toBe(name);
  expect(transientErrors).toContain(error.name);
});

test.each([
  ['an error of a name on no list', awsError('NovelFault', { $metadata: { httpStatusCode: 400 } })],
  ['a refusal with a code of no socket', awsError('Error', { code: 'ERR_INVALID_ARG_TYPE' })],
  ['a defect of the program', new TypeError('cannot read properties of undefined')],
])('%s: AwsFailure, which is not retried', (_, cause) => {
  const error = fromAwsError(operation, cause);
  expect(error.name).toBe('AwsFailure');
  expect(transientErrors).not.toContain(error.name);
});

test.each(['SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
  '%s, as behind a proxy: CertificateUntrusted, which is not retried and names the CA bundle',
  (code) => {
    const error = fromAwsError(operation, awsError('Error', { code }));
    expect(error).toMatchObject({ name: 'CertificateUntrusted' });
    expect(error.summary).toContain('checked against the CA bundle of Node.js, with NODE_EXTRA_CA_CERTS');
    expect(transientErrors).not.toContain(error.name);
  },
);

test('a name on the list with a status of 500: the name counts', () => {
  const cause = awsError('InvalidDBClusterStateFault', { $metadata: { httpStatusCode: 500 } });
  expect(fromAwsError(operation, cause).name).toBe('InvalidClusterState');
});

test('an error of AWS: the message says what was asked and what AWS answered, and the cause is kept', () => {
  const cause = awsError('InvalidSubnet');
  const error = fromAwsError(operation, cause);
  expect(error.summary).toBe('restore drill-app-1f2e3d4c from app: InvalidSubnet: said so');
  expect(error.cause).toBe(cause);
});

test('an error of our own: passed on as it is', () => {
  const own = new DrillError('UnreadableAnswer', 'RDS answered without Engine');
  expect(fromAwsError(operation, own)).toBe(own);
});
