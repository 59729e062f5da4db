import { describeError, isDrillError } from '../errors.ts';
import type { SideEffectKind, SideEffects } from './port.ts';

/** Puts what was found of each kind together. */
export const joinSideEffects = (parts: SideEffects[]): SideEffects => ({
  found: parts.flatMap(({ found }) => found),
  unseen: parts.flatMap(({ unseen }) => unseen),
});

export const nothingFound: SideEffects = { found: [], unseen: [] };

export const unseenBecause = (kind: SideEffectKind, reason: string): SideEffects => ({
  found: [],
  unseen: [{ kind, reason }],
});

export const foundNames = (kind: SideEffectKind, names: string[]): SideEffects => ({
  found: names.map((name) => ({ kind, name })),
  unseen: [],
});

/** What the server refuses to show is unseen. It must not end a drill. @param needs the right to see it, if one is known */
export const unlessRefused = async (
  kind: SideEffectKind,
  look: () => Promise<SideEffects>,
  needs?: string,
): Promise<SideEffects> => {
  try {
    return await look();
  } catch (error) {
    if (needs !== undefined && isDrillError(error, 'DatabaseDenied'))
      return unseenBecause(kind, `the user lacks ${needs}`);
    if (!isDrillError(error, 'DatabaseDenied') && !isDrillError(error, 'DatabaseFailure')) throw error;
    return unseenBecause(kind, describeError(error));
  }
};
