/** What stood at the end of an execution, and after the sweeps that followed. */
type Left = { left: string[]; leftAfterSweeps: string[] };

export const describeLeft = ({ left, leftAfterSweeps }: Left): string => {
  if (left.length === 0) return 'nothing';
  return leftAfterSweeps.length === 0 ? 'what a sweep removes' : 'what somebody has to delete';
};

/** What came of one error at one call, in words. */
export type FaultRow = {
  call: string;
  state: string;
  error: string;
  once: string;
  always: string;
  left: string;
};

const columns = ['call', 'in', 'answer of AWS', 'once', 'each time', 'what stands at the end'];

/** A table for docs. Errors that end the same way stand in one row. */
export const renderFaults = (outcomes: readonly FaultRow[]): string => {
  const rows = new Map<string, FaultRow[]>();
  for (const row of outcomes) {
    const { error: _, ...rest } = row;
    const key = Object.values(rest).join();
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  const lines = [...rows.values()].map((alike) => {
    const { call, state, once, always, left } = alike[0] as FaultRow;
    const errors = alike.map(({ error }) => error).sort();
    return [call, state, errors.join(', '), once, always, left].join(' | ');
  });
  return [columns.join(' | '), columns.map(() => '---').join('|'), ...lines]
    .map((line) => `| ${line} |`)
    .join('\n');
};
