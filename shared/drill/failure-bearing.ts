import type { ErrorName } from '../errors.ts';

/** What a failure says about recovery. */
export type Bearing =
  /** The backup, or the copy restored from it, is in doubt. */
  | 'not-recoverable'
  | 'too-slow'
  /** The copy was verified, but something is left that costs money. */
  | 'left-behind'
  /** The copy was verified; only telling people about it went wrong. */
  | 'verified'
  /** Says nothing about the backups, but a real recovery would meet the same obstacle. */
  | 'obstructed'
  | 'unknown';

const bearings: Record<ErrorName, Bearing> = {
  ChecksFailed: 'not-recoverable',
  ClusterUnusable: 'not-recoverable',
  WriterUnusable: 'not-recoverable',
  ReaderUnusable: 'unknown',
  ObjectiveMissed: 'too-slow',
  DeadlineExceeded: 'too-slow',
  TeardownRefused: 'left-behind',
  TeardownFailed: 'left-behind',
  NotificationFailed: 'verified',
  ReportNotFiled: 'verified',
  MetricsFailed: 'verified',
  QuotaExceeded: 'obstructed',
  CapacityUnavailable: 'obstructed',
  KeyUnusable: 'obstructed',
  TestsFailed: 'unknown',
  NothingVerified: 'unknown',
  InvalidInput: 'unknown',
  InvalidPlan: 'unknown',
  UnknownPlan: 'unknown',
  NotSupported: 'unknown',
  RestoreTimeOutsideWindow: 'unknown',
  ChangeRefused: 'unknown',
  RewindBlocked: 'unknown',
  RewindNotConfirmed: 'unknown',
  RewindFailed: 'unknown',
  RewoundLater: 'unknown',
  ScriptNotRead: 'unknown',
  TooManyClones: 'unknown',
  NotTheClone: 'unknown',
  AlreadyRehearsed: 'unknown',
  SandboxRefused: 'unknown',
  TableNotExtractable: 'unknown',
  ExtractDiffers: 'unknown',
  ChangeUnsafe: 'unknown',
  ChangeFailed: 'unknown',
  ChangeNotMeasured: 'unknown',
  InvalidArguments: 'unknown',
  SqlFileFailed: 'unknown',
  CredentialsUnusable: 'unknown',
  SourceNotFound: 'unknown',
  SourceNotRestorable: 'unknown',
  SnapshotNotFound: 'unknown',
  SnapshotUnusable: 'unknown',
  NotRecoverable: 'unknown',
  EmptyDatabase: 'unknown',
  SideEffects: 'unknown',
  TableNotFound: 'unknown',
  ColumnNotFound: 'unknown',
  BaselineTooLarge: 'unknown',
  Throttled: 'unknown',
  AwsUnavailable: 'unknown',
  AccessDenied: 'unknown',
  RequestRefused: 'unknown',
  ClusterNotFound: 'unknown',
  InvalidClusterState: 'unknown',
  TargetNameTaken: 'unknown',
  AwsFailure: 'unknown',
  StatusUnknown: 'unknown',
  CertificateUntrusted: 'unknown',
  SettingMissing: 'unknown',
  InvalidSetting: 'unknown',
  UnreadableAnswer: 'unknown',
  OutOfTime: 'unknown',
  DatabaseUnreachable: 'unknown',
  DatabaseBusy: 'unknown',
  DatabaseDenied: 'unknown',
  DatabaseFailure: 'unknown',
  NothingMonitored: 'unknown',
  MonitorIncomplete: 'unknown',
  SweepIncomplete: 'unknown',
};

/** These end at a deadline before RDS was asked for the copy. */
const beforeRestore = ['CheckRestorePoint', 'TakeSnapshot', 'CheckSnapshot', 'RestoreCluster'];

/**
 * Judges the first failure: one in the teardown or after it means that everything before went well. A deadline that
 * passed before the restore began says nothing about how long a restore takes.
 */
export const bearingOf = ({ phase, error }: { phase: string; error: string }): Bearing => {
  if (phase === 'TearDown' || phase === 'CheckTeardown') return 'left-behind';
  if (phase === 'NotifyResult' || phase === 'ConcludeDrill') return 'verified';
  if (error === 'DeadlineExceeded' && beforeRestore.includes(phase)) return 'unknown';
  return bearingOfError(error);
};

/** The same for a failure whose phase is not known. */
export const bearingOfError = (error: string): Bearing =>
  Object.hasOwn(bearings, error) ? bearings[error as ErrorName] : 'unknown';
