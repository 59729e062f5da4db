import type { Reports } from '../../../shared/history/reports.ts';

type Call = { verb: keyof Reports; key: string };

type Options = {
  /** Those of another model, for another process that reaches the same bucket. */
  files?: Map<string, string>;
  /** Waited for before each call takes effect, so that a test decides the order in which the calls of many do. */
  arrive?: () => Promise<unknown>;
  /** Told true, a replacement takes effect and says false, as one whose answer got lost does when it is repeated. */
  isAnswerLost?: () => boolean;
};

export type ModelReports = Reports & { files: Map<string, string>; calls: Call[] };

/**
 * A bucket with conditional writes: each call takes effect as a whole at one moment, and a version is that of the text,
 * as the ETag of S3 is.
 */
export const modelReports = ({
  files = new Map<string, string>(),
  arrive,
  isAnswerLost,
}: Options = {}): ModelReports => {
  const calls: Call[] = [];
  const versionOf = (key: string): string | null => {
    const text = files.get(key);
    return text === undefined ? null : `version of ${text}`;
  };
  const call = async <T>(verb: keyof Reports, key: string, act: () => T): Promise<T> => {
    calls.push({ verb, key });
    await arrive?.();
    return act();
  };
  return {
    files,
    calls,
    write: (key, text) => call('write', key, () => void files.set(key, text)),
    read: (key) =>
      call('read', key, () => {
        const version = versionOf(key);
        return version === null ? null : { text: files.get(key) ?? '', version };
      }),
    findVersion: (key) => call('findVersion', key, () => versionOf(key)),
    replace: (key, text, version) =>
      call('replace', key, () => {
        if (versionOf(key) !== version) return false;
        files.set(key, text);
        return !isAnswerLost?.();
      }),
  };
};
