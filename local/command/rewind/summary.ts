import { formatNumber } from '../../../shared/result/format.ts';
import { explainRewind } from '../../../shared/rewind/words.ts';
import { countOf } from '../../../shared/words.ts';
import { describeHappened } from '../accidents.ts';
import { toLine } from '../columns.ts';
import type { Paint } from '../paint.ts';
import { describeAnswer } from '../recovery/summary.ts';
import { isUndone, type Rewound } from './run.ts';

/** The summary for a terminal: what was marked, what broke, what the rewind did, and whether all is as it was. */
export const summarizeRewind = (rewound: Rewound, paint: Paint): string => {
  const { mark, happened, broken, rewind, calls, production, rowsWritten } = rewound;
  const { sentence, meaning, steps } = explainRewind(rewind);
  const { failure } = rewind;
  return [
    (failure === null ? paint.good : paint.bad)(toLine(sentence)),
    listLines([
      ...(failure === null || rewind.outcome === 'blocked'
        ? []
        : [`${failure.error} in ${failure.phase}: ${failure.cause}`]),
      ...meaning,
      ...steps.map((step) => `what to do: ${step}`),
    ]),
    listLines([
      `mark: ${mark.words?.sentence}`,
      `accident: ${describeHappened(happened)}; then ${broken === null ? 'writes went on' : `every write failed: ${broken}`}`,
      `written to production before it: ${formatNumber(rowsWritten)} rows`,
      `production was asked to go back ${countOf(calls, 'time', formatNumber)}`,
    ]),
    [
      `  production ${production.isAsBefore ? paint.good('has the rows of before') : paint.bad('has the migration')}, and ${
        production.trouble === null
          ? paint.good('takes writes')
          : `${paint.bad('refuses writes')}: ${toLine(production.trouble)}`
      }`,
      ...listRecovered(rewound, paint),
    ].join('\n'),
  ].join('\n\n');
};

const listLines = (lines: readonly string[]): string => lines.map((line) => `  ${toLine(line)}`).join('\n');

/** What came of the advice to recover. */
const listRecovered = (rewound: Rewound, paint: Paint): string[] => {
  const { recovery, answering } = rewound;
  if (recovery === null) return [];
  const { cluster, failure } = recovery;
  const told =
    failure === null
      ? `recovered instead, with the input above: ${cluster?.identifier}`
      : `the recovery failed: ${failure.error} in ${failure.phase}: ${failure.cause}`;
  return [
    `  ${(isUndone(rewound) ? paint.good : paint.bad)(toLine(told))}`,
    ...answering.map((server) => `  ${describeAnswer(server, paint)}`),
  ];
};
