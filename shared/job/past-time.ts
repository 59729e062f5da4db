import * as z from 'zod';
import { addSeconds, isAfter, toIso, toWholeSecond } from '../instants.ts';

const expectedTime =
  'expected latest, a time ago such as 10m ago or 2h ago, or an instant in whole seconds, as 2026-11-19T02:13:00Z';

const ago = /^([1-9]\d{0,4})([smhd]) ago$/;
const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** The instant that is meant, ISO 8601 in whole seconds; null for latest, undefined for what nobody can read. */
const readTime = (text: string, startedAt: string): string | null | undefined => {
  if (text === 'latest') return null;
  const [, amount, unit = ''] = ago.exec(text) ?? [];
  if (amount !== undefined) {
    const seconds = Number(amount) * (unitSeconds[unit] ?? Number.NaN);
    return addSeconds(toWholeSecond(startedAt), -seconds);
  }
  const instant = z.iso.datetime({ offset: true, precision: 0 }).safeParse(text);
  return instant.success ? toIso(new Date(instant.data)) : undefined;
};

/**
 * A past time as somebody types it: ISO 8601 in whole seconds, or null for the latest. "10m ago" is counted back from the start
 * of the execution, so that a retry means the same instant. @param startedAt ISO 8601
 */
export const pastTime = (startedAt: string) =>
  z.string(expectedTime).transform((text, context) => {
    const instant = readTime(text, startedAt);
    if (instant !== undefined && (instant === null || isAfter(startedAt, instant))) return instant;
    const message =
      instant === undefined
        ? expectedTime
        : `expected a time before the start of this execution, ${startedAt}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
