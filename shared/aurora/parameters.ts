import type { Parameter } from './port.ts';

/** What an instance runs with, by name. Its own group wins where somebody set a value there (Aurora User Guide, "Parameter groups"). */
export const mergeParameters = (cluster: Parameter[], instance: Parameter[]): Record<string, string> => {
  const wins = [...cluster, ...instance.filter(({ isSet }) => isSet)];
  const fallback = instance.filter(({ name }) => !wins.some((one) => one.name === name));
  // MySQL takes both spellings.
  return Object.fromEntries(
    [...fallback, ...wins].map(({ name, value }) => [name.replaceAll('-', '_'), value]),
  );
};
