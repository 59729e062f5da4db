import type { Reports } from '../../../shared/history/reports.ts';

type Call = { verb: keyof Reports; key: string };

type Options = {
  /** Another model's files, for another process on the same bucket. */
  files?: Map<string, string>;
  /** Awaited before each call takes effect, so that a test decides the order of calls. */
  arrive?: () => Promise<unknown>;
  /** When true, a replacement takes effect and returns false, like a repeated one whose first answer got lost. */
  isAnswerLost?: () => boolean;
};

export type ModelReports = Reports & { files: Map<string, string>; calls: Call[] };

/**
 * A bucket with conditional writes. Each call takes effect as a whole at one moment. A version depends on the text, as
 * S3's ETag does.
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
