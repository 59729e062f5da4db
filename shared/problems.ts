import type * as z from 'zod';

/** What zod found, one line each: the path, what was expected and what was seen. All problems, not the first. */
export const listProblems = (error: z.ZodError, seen: unknown): string =>
  error.issues.flatMap((issue) => describeIssue(issue, seen)).join('\n');

/** Of a document that is not ours, the first few say enough. */
const maxProblems = 3;

/** A document of JSON, as its schema reads it, or what is wrong with the text. */
export const parseDocument = <Document>(
  schema: z.ZodType<Document>,
  text: string,
): { value: Document } | { problem: string } => {
  let seen: unknown;
  try {
    seen = JSON.parse(text);
  } catch (error) {
    return { problem: (error as Error).message };
  }
  const parsed = schema.safeParse(seen);
  if (parsed.success) return { value: parsed.data };
  const problems = listProblems(parsed.error, seen).split('\n').slice(0, maxProblems);
  return { problem: `\n${problems.join('\n')}` };
};

const describeIssue = (issue: z.core.$ZodIssue, seen: unknown): string[] => {
  if (issue.code === 'unrecognized_keys') {
    const message = issue.message.startsWith('Unrecognized key') ? 'unknown key' : issue.message;
    return issue.keys.map((key) => `  ${pathOf([...issue.path, key])}: ${message}`);
  }
  // A key that is wrong in itself: what was expected of keys says more than that it is wrong.
  if (issue.code === 'invalid_key')
    return issue.issues.map(({ message }) => `  ${pathOf(issue.path)}: ${message}`);
  const value = issue.path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown>)?.[key],
    seen,
  );
  const isMissing = value === undefined;
  const message = issue.message.replace(/^Invalid input: /, '').replace(/, received \w+$/, '');
  return [`  ${pathOf(issue.path)}: ${message}, ${isMissing ? 'but it is missing' : `seen ${show(value)}`}`];
};

/** plans.prod-aurora-main.checks.overrides["public.audit_log"]: dots, and brackets where a key holds one. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      const text = String(key);
      if (!/^[\w-]+$/.test(text)) return `[${JSON.stringify(text)}]`;
      return index === 0 ? text : `.${text}`;
    })
    .join('') || '(the whole)';

const maxShown = 80;

/** A value as JSON, cut after so many characters. YAML may hold itself, and what is nested deeply has no JSON either. */
export const show = (value: unknown, maxLength = maxShown): string => {
  const text = toJson(value);
  return text.length > maxLength ? `${text.slice(0, maxLength)}...` : text;
};

const toJson = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return 'something that holds itself or is nested too deeply';
  }
};
