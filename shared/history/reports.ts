/**
 * The port to where reports are kept: an S3 bucket in AWS, a folder on this machine. A key is a path with `/` between
 * its parts. Every verb fails with a DrillError: Throttled, AwsUnavailable or ReportNotFiled.
 */
export type Reports = {
  /** Puts a file there, over whatever stood there. */
  write(key: string, text: string): Promise<void>;
  /** The text and the version that it is; null when there is none. */
  read(key: string): Promise<{ text: string; version: string } | null>;
  /** The version alone; null when there is none. */
  findVersion(key: string): Promise<string | null>;
  /** Puts a file there while the version there is still this one, null for none. @returns false when it is another */
  replace(key: string, text: string, version: string | null): Promise<boolean>;
};
