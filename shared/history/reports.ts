/**
 * The port for reports: an S3 bucket in AWS, a folder on this machine. A key is a path with `/` between its parts.
 * Every verb fails with a DrillError: Throttled, AwsUnavailable or ReportNotFiled.
 */
export type Reports = {
  /** Writes a file, or overwrites it. */
  write(key: string, text: string): Promise<void>;
  /** The text and its version; null when there is none. */
  read(key: string): Promise<{ text: string; version: string } | null>;
  /** The version alone; null when there is none. */
  findVersion(key: string): Promise<string | null>;
  /** Writes a file if its version is still this one, null for none. @returns false when it is another */
  replace(key: string, text: string, version: string | null): Promise<boolean>;
};
