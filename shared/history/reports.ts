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

/**
 * The same, until the signal: then no verb begins any more. A function that has answered is frozen, and goes on where it was
 * when it is called again, maybe hours later. Then it must not overwrite what is newer.
 */
export const untilAborted = (reports: Reports, signal: AbortSignal): Reports => ({
  write: async (key, text) => {
    signal.throwIfAborted();
    await reports.write(key, text);
  },
  read: async (key) => {
    signal.throwIfAborted();
    return reports.read(key);
  },
  findVersion: async (key) => {
    signal.throwIfAborted();
    return reports.findVersion(key);
  },
  replace: async (key, text, version) => {
    signal.throwIfAborted();
    return reports.replace(key, text, version);
  },
});
