import { toCertificateError } from '../database/certificates.ts';
import { DrillError, type ErrorName, errorCatalog } from '../errors.ts';

/**
 * AWS error names in our words. Source: RDS, SNS, CloudWatch and STS service models, and what the services answer in
 * fact (InvalidParameterValue, InvalidParameterCombination and the throttles are in no RDS model).
 */
const byAwsName: Record<string, ErrorName> = {
  Throttling: 'Throttled',
  ThrottlingException: 'Throttled',
  ThrottledException: 'Throttled',
  RequestLimitExceeded: 'Throttled',
  TooManyRequestsException: 'Throttled',

  InternalFailure: 'AwsUnavailable',
  InternalError: 'AwsUnavailable',
  InternalErrorException: 'AwsUnavailable',
  InternalServiceFault: 'AwsUnavailable',
  ServiceUnavailable: 'AwsUnavailable',
  RequestTimeout: 'AwsUnavailable',
  TimeoutError: 'AwsUnavailable',
  NetworkingError: 'AwsUnavailable',

  AccessDenied: 'AccessDenied',
  AccessDeniedException: 'AccessDenied',
  AuthorizationErrorException: 'AccessDenied',
  UnauthorizedOperation: 'AccessDenied',

  DBClusterQuotaExceededFault: 'QuotaExceeded',
  InstanceQuotaExceededFault: 'QuotaExceeded',
  StorageQuotaExceededFault: 'QuotaExceeded',
  SnapshotQuotaExceededFault: 'QuotaExceeded',

  InsufficientDBClusterCapacityFault: 'CapacityUnavailable',
  InsufficientDBInstanceCapacityFault: 'CapacityUnavailable',
  InsufficientStorageClusterCapacityFault: 'CapacityUnavailable',

  KMSKeyNotAccessibleFault: 'KeyUnusable',

  InvalidRestoreFault: 'RequestRefused',
  InvalidSubnet: 'RequestRefused',
  InvalidVPCNetworkStateFault: 'RequestRefused',
  NetworkTypeNotSupported: 'RequestRefused',
  DBSubnetGroupNotFoundFault: 'RequestRefused',
  DBSubnetGroupDoesNotCoverEnoughAZs: 'RequestRefused',
  DBClusterParameterGroupNotFoundFault: 'RequestRefused',
  DBParameterGroupNotFoundFault: 'RequestRefused',
  InvalidParameterValue: 'RequestRefused',
  InvalidParameterCombination: 'RequestRefused',

  DBClusterNotFoundFault: 'ClusterNotFound',
  DBClusterSnapshotNotFoundFault: 'SnapshotNotFound',
  DBInstanceNotFoundFault: 'ClusterNotFound',
  DBClusterAlreadyExistsFault: 'TargetNameTaken',
  DBInstanceAlreadyExistsFault: 'TargetNameTaken',
  DBClusterSnapshotAlreadyExistsFault: 'TargetNameTaken',
  InvalidDBClusterStateFault: 'InvalidClusterState',
  InvalidDBInstanceStateFault: 'InvalidClusterState',
  InvalidDBClusterSnapshotStateFault: 'InvalidClusterState',
};

/** Codes of Node's sockets, which the SDK passes on unchanged. */
const networkCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNABORTED',
]);

/**
 * An answer of AWS, or a broken connection to it, as one of our errors.
 * @param operation what was asked, in words: "restore drill-app-1f2e from app"
 */
export const fromAwsError = (operation: string, error: unknown): DrillError => {
  if (error instanceof DrillError) return error;
  const untrusted = toCertificateError(operation, error);
  if (untrusted !== null) return untrusted;
  const { name, message, code, $metadata } = error as Error & {
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  // RDS spells some faults with the suffix and some without, such as DBInstanceNotFound.
  const known = byAwsName[name] ?? byAwsName[`${name}Fault`] ?? byNetwork(code, $metadata?.httpStatusCode);
  return new DrillError(known ?? 'AwsFailure', `${operation}: ${name}: ${message}`, { cause: error });
};

/** Asks AWS for something, and gives its errors our names. @param operation what is asked, in words */
export const asking = async <Answer>(operation: string, ask: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await ask();
  } catch (error) {
    throw fromAwsError(operation, error);
  }
};

/** Like fromAwsError, but every error that a retry cannot cure gets one name. @param name that name */
export const fromAwsErrorAs = (name: ErrorName, operation: string, cause: unknown): DrillError => {
  const error = fromAwsError(operation, cause);
  return errorCatalog[error.name].isTransient ? error : new DrillError(name, error.summary, { cause });
};

const byNetwork = (code: string | undefined, httpStatus: number | undefined): ErrorName | undefined => {
  if (code !== undefined && networkCodes.has(code)) return 'AwsUnavailable';
  if (httpStatus === 429) return 'Throttled';
  if (httpStatus !== undefined && httpStatus >= 500) return 'AwsUnavailable';
  return undefined;
};
