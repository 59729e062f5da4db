/**
 * Every error of Aurora Drills: its name, whether a retry can cure it, and what an operator does about it.
 * The names are public: state machine Retry and Catch fields, results, alarms and docs/errors.md use them.
 */
export const errorCatalog = {
  // What somebody typed.
  InvalidInput: { isTransient: false, hint: 'correct the execution input and start again' },
  InvalidPlan: {
    isTransient: false,
    hint: 'correct the plans file at the path named; deploy again if it is deployed',
  },
  UnknownPlan: { isTransient: false, hint: 'name one of the plans listed' },
  NotSupported: { isTransient: false, hint: 'take this out of the plan until a later version supports it' },
  RestoreTimeOutsideWindow: {
    isTransient: false,
    hint: 'choose a restoreTo inside the restorable window named, or leave it out to restore to now',
  },

  ChangeRefused: {
    isTransient: false,
    hint: 'correct the change at the lines named, as docs/rehearse.md says, and rehearse it again',
  },

  // The local command.
  InvalidArguments: {
    isTransient: false,
    hint: 'see the options: add -- --help, as in npm run drill -- --help',
  },
  SqlFileFailed: {
    isTransient: false,
    hint: 'correct the file at the line named; a dump loads as pg_dump --format=plain writes it, plain or in gzip',
  },
  CredentialsUnusable: {
    isTransient: false,
    hint: 'sign in to AWS, with aws sso login for example, or name another profile in AWS_PROFILE',
  },

  // The source cluster and its data.
  SourceNotFound: {
    isTransient: false,
    hint: "check the plan's source, and the account and Region this stack is deployed in",
  },
  SourceNotRestorable: {
    isTransient: false,
    hint: 'bring the source cluster to status available with backups on, then start the drill again',
  },
  SnapshotNotFound: {
    isTransient: false,
    hint: 'find out why the source has no snapshot: see the alarms of SnapshotAge; a drill with restore.from: log needs none',
  },
  NotRecoverable: {
    isTransient: false,
    hint: 'choose a restoreTo and a mechanism that the message shows as possible, or remove the obstacle that it names',
  },
  EmptyDatabase: {
    isTransient: false,
    hint: "check database.name in the plan; a drill of an empty database would prove nothing, so it can't pass",
  },
  SideEffects: {
    isTransient: false,
    hint: 'name a quiet parameter group in restore.clusterParameterGroup, or write sideEffects: accepted in the plan',
  },
  TableNotFound: {
    isTransient: false,
    hint: 'correct checks.tables, checks.overrides or checks.settled in the plan',
  },
  ColumnNotFound: {
    isTransient: false,
    hint: 'correct the column in the plan, in checks.settled or in a freshness of checks.overrides',
  },
  BaselineTooLarge: {
    isTransient: false,
    hint: 'name the tables that matter in checks.tables, or split the plan into several',
  },

  // Amazon RDS and other AWS services.
  Throttled: {
    isTransient: true,
    hint: 'the account calls AWS too fast; a drill retries by itself, a monitor at its next run',
  },
  AwsUnavailable: {
    isTransient: true,
    hint: 'AWS did not answer; a drill retries by itself, a monitor at its next run; if it goes on, see the AWS Health Dashboard',
  },
  AccessDenied: { isTransient: false, hint: "add the action named to the function's role" },
  QuotaExceeded: {
    isTransient: false,
    hint: 'delete clusters, instances or manual snapshots no longer needed, or ask for a higher RDS quota in this Region',
  },
  CapacityUnavailable: {
    isTransient: false,
    hint: 'AWS has no capacity for this instance class now; try again later or set another restore.instanceClass',
  },
  RequestRefused: {
    isTransient: false,
    hint: 'check what the message names; in a plan the restore settings: subnet group, security groups, parameter groups, KMS key, capacity',
  },
  KeyUnusable: {
    isTransient: false,
    hint: 'a real recovery needs this key too: enable it, or cancel its deletion, and let RDS and the role of RestoreCluster use it (docs/permissions.md)',
  },
  CertificateUntrusted: {
    isTransient: false,
    hint: 'the network is fine; find out whose certificate the server shows, and deploy again with a CA bundle that has its authority',
  },
  ClusterNotFound: {
    isTransient: false,
    hint: 'find out who deleted the cluster: see CloudTrail, DeleteDBCluster',
  },
  InvalidClusterState: { isTransient: false, hint: 'see the status of the cluster in the RDS console' },
  TargetNameTaken: {
    isTransient: false,
    hint: 'a cluster or a snapshot has the name this drill needs, but not its tags; rename or delete it by hand, then start again',
  },
  AwsFailure: { isTransient: false, hint: 'look the AWS error up by its name in the message' },

  // During the restore.
  DeadlineExceeded: {
    isTransient: false,
    hint: 'see the RDS events of the cluster; if restores really take this long, raise timeoutMinutes in the plan',
  },
  ClusterUnusable: {
    isTransient: false,
    hint: 'treat production as not restorable until you know why: see the RDS events of the restored cluster',
  },
  SnapshotUnusable: {
    isTransient: false,
    hint: 'this says nothing about the backups there are, but no new one can be made: see the RDS events of the source',
  },
  StatusUnknown: {
    isTransient: false,
    hint: 'this says nothing about the backups: look the status up in the RDS documentation, see the RDS events, and update this tool',
  },
  WriterUnusable: {
    isTransient: false,
    hint: 'see the RDS events of the instance; check the instance class, parameter group and subnets of the plan',
  },
  ReaderUnusable: {
    isTransient: false,
    hint: 'the writer is usable; look at the events of the reader in RDS, delete it by hand and add another one',
  },
  SettingMissing: {
    isTransient: false,
    hint: 'deploy the stack again: the function lacks one of its settings',
  },
  InvalidSetting: {
    isTransient: false,
    hint: 'correct the setting in config/deployment.yml and deploy again',
  },
  UnreadableAnswer: {
    isTransient: false,
    hint: 'report this with the log of the function; it stopped to be safe',
  },

  OutOfTime: {
    isTransient: false,
    hint: 'for a drill, name the tables that matter in checks.tables, use checksum: sampled and a tolerance, or split the plan; for a monitor, watch fewer clusters or raise its timeout in serverless.yml',
  },

  // SQL.
  DatabaseUnreachable: {
    isTransient: true,
    hint: "check that the security groups let this function's security group in on the database port",
  },
  DatabaseBusy: {
    isTransient: true,
    hint: 'a lock blocked the query, or on a reader the replay of the log; the drill retries by itself',
  },
  DatabaseDenied: {
    isTransient: false,
    hint: "check that the plan's database.user may sign in with IAM and read every table on production",
  },
  DatabaseFailure: {
    isTransient: false,
    hint: 'look up the SQLSTATE or MySQL error number in the message',
  },

  // The monitors.
  NothingMonitored: {
    isTransient: false,
    hint: 'correct monitoredClusters in config/deployment.yml, or tag the clusters to watch',
  },
  MonitorIncomplete: {
    isTransient: false,
    hint: 'the values of all other clusters are published; see the reason given for each cluster named',
  },
  MetricsFailed: {
    isTransient: false,
    hint: 'check that the role of the function may call the action named, for the namespace Custom/RDS',
  },

  // The sweeper.
  SweepIncomplete: {
    isTransient: false,
    hint: 'everything else was swept, and the next sweep tries again; see the reason given for each cluster named',
  },

  // The end of a drill.
  ChecksFailed: {
    isTransient: false,
    hint: 'compare the failed checks with what happened around that time',
  },
  TestsFailed: {
    isTransient: false,
    hint: 'the recovered cluster stands as it is: try an earlier time',
  },
  RewindBlocked: {
    isTransient: false,
    hint: 'nothing was rewound: recover to the same time, with the input that the message has, or remove what stands in the way',
  },
  RewindNotConfirmed: {
    isTransient: false,
    hint: 'nothing was rewound: start it without confirm, read the pre-flight again, and confirm with the code that it ends with',
  },
  RewindFailed: {
    isTransient: false,
    hint: 'see the status and the rows of the cluster before anything writes; then recover to the same time, with the input that the message has',
  },
  RewoundLater: {
    isTransient: false,
    hint: 'nothing is rewound a second time by itself: look whether the damage is still there, and if so go to the earlier time that the message has',
  },
  ScriptNotRead: {
    isTransient: false,
    hint: 'put the script below changes/ in the report bucket, and name its bucket, key and version',
  },
  TooManyClones: {
    isTransient: false,
    hint: 'delete clones of the source that nobody needs, then start the rehearsal again',
  },
  NotTheClone: {
    isTransient: false,
    hint: 'nothing was run: find out what has the name, the address or the endpoint in the message',
  },
  AlreadyRehearsed: {
    isTransient: false,
    hint: 'the clone is torn down; start the rehearsal again, and see the log of RehearseChange for why its first run ended',
  },
  SandboxRefused: {
    isTransient: false,
    hint: 'nothing was written: correct the sandbox in the plan, or what the message names, as docs/extract.md says',
  },
  TableNotExtractable: {
    isTransient: false,
    hint: 'take the table out of tables: docs/extract.md says what can be extracted',
  },
  ExtractDiffers: {
    isTransient: false,
    hint: 'do not rely on these rows: see which checks failed, drop the schema by hand, and start the extract again',
  },
  ChangeUnsafe: {
    isTransient: false,
    hint: 'change it as the findings advise, or raise the limits of the plan if others may wait this long',
  },
  ChangeFailed: {
    isTransient: false,
    hint: 'the change would fail on production too: correct it at the line named, and rehearse it again',
  },
  ChangeNotMeasured: {
    isTransient: false,
    hint: 'nothing is known of this change: see why, and rehearse it again',
  },
  NothingVerified: {
    isTransient: false,
    hint: 'nothing was compared, so nothing is proven: see why each check was skipped, and have the plan check what can be compared',
  },
  ObjectiveMissed: {
    isTransient: false,
    hint: 'speed up the recovery (RTO), find out what holds up the backups (RPO), or agree on an objective you can meet',
  },
  NotificationFailed: { isTransient: false, hint: 'check the notification topic and its policy' },
  ReportNotFiled: {
    isTransient: false,
    hint: 'check that the report bucket named exists and that the role of the function may call the action named',
  },
  TeardownRefused: {
    isTransient: false,
    hint: 'look at what is named: nothing proves that this drill made it, or somebody protects it; delete it by hand if it is yours',
  },
  TeardownFailed: {
    isTransient: false,
    hint: 'the sweeper tries again every 15 minutes, unless somebody has protected the cluster; what it cannot delete costs money until you delete it by hand',
  },
} as const satisfies Record<string, { isTransient: boolean; hint: string }>;

export type ErrorName = keyof typeof errorCatalog;

/** The names that a Retry in the state machine lists. */
export const transientErrors = (Object.keys(errorCatalog) as ErrorName[]).filter(
  (name) => errorCatalog[name].isTransient,
);

/** Mistakes in an execution input: whoever typed it sees them at once. */
export const typingErrors: readonly string[] = [
  'InvalidInput',
  'UnknownPlan',
  'RestoreTimeOutsideWindow',
  'ChangeRefused',
  'RewindNotConfirmed',
] satisfies ErrorName[];

/** A short step that ran out of time may be repeated. A step that counts for minutes would only repeat the count. */
export const timeoutErrors = ['OutOfTime', 'States.Timeout', 'Sandbox.Timedout', 'Lambda.Unknown'] as const;

/** Separates the message from the hint in `Error.message`: both must reach the Cause in the console. */
export const hintSeparator = '\nhint: ';

/**
 * The one error class. `name` is a literal from the catalog, never the class name: Lambda reports it as the error type,
 * Catch and Retry match it, and a minifier would rename a class.
 */
export class DrillError extends Error {
  override readonly name: ErrorName;
  /** The message without the hint. */
  readonly summary: string;
  readonly hint: string;

  constructor(name: ErrorName, message: string, options: { hint?: string; cause?: unknown } = {}) {
    const hint = options.hint ?? errorCatalog[name].hint;
    super(`${message}${hintSeparator}${hint}`, { cause: options.cause });
    this.name = name;
    this.summary = message;
    this.hint = hint;
  }
}

export const isDrillError = (error: unknown, name?: ErrorName): error is DrillError =>
  error instanceof DrillError && (name === undefined || error.name === name);

export const isTransient = ({ name }: DrillError): boolean => errorCatalog[name].isTransient;

/** What went wrong in one line, without the hint. */
export const describeError = (error: unknown): string =>
  isDrillError(error)
    ? error.summary
    : error instanceof Error
      ? `${error.name}: ${error.message}`
      : String(error);
