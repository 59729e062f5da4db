import type { Definition } from './port.ts';

/**
 * Texts of definitions by kind and name. Several of one name count as one. What the user may not read is left out: it would
 * be equal to anything.
 */
export const byKind = (definitions: readonly Definition[]): Map<string, Map<string, string>> => {
  const kinds = new Map<string, Map<string, string>>();
  for (const { kind, name, text, isUnread } of definitions) {
    if (isUnread) continue;
    const found = kinds.get(kind) ?? new Map<string, string>();
    const earlier = found.get(name);
    kinds.set(kind, found.set(name, earlier === undefined ? text : `${earlier}\n${text}`));
  }
  return kinds;
};
