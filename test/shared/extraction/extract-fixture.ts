import { extractExample } from '../../../local/documents/extract-example.ts';
import {
  buildExtract,
  type ExtractDocument,
  type ExtractFailure,
  type ExtractOutcome,
} from '../../../shared/extraction/document.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';

/** It passed, unless something else is given. */
export const makeExtract = (changes: Partial<ExtractOutcome> = {}): ExtractDocument =>
  buildExtract({ ...extractExample, ...changes });

const { sandbox, tables } = extractExample;

/** Before anything was made. */
export const nothingExtracted: Partial<ExtractOutcome> = {
  copy: null,
  sandbox: sandbox && { ...sandbox, state: 'not made' },
  tables: tables.map((table) => ({ ...table, leftOut: [], rows: null, bytes: null, ranges: null })),
  restore: { ...extractExample.restore, reached: null },
  checks: [],
  changes: null,
  phases: [],
  resources: [],
  teardown: { status: 'not-needed', deleted: [] },
};

/** Copying stopped in the middle. */
export const halfExtracted: Partial<ExtractOutcome> = {
  sandbox: sandbox && { ...sandbox, state: 'incomplete' },
  tables: tables.map((table) => ({ ...table, rows: 500_000, ranges: { done: 7, all: 16 } })),
  checks: [],
  changes: null,
};

export const failCheck = (changes: Partial<CheckResult> = {}): CheckResult => ({
  name: 'checksum public.orders',
  kind: 'checksum',
  table: 'public.orders',
  expected: 'a',
  actual: 'b',
  tolerance: null,
  verdict: 'failed',
  reason: '3 rows differ',
  ...changes,
});

/** Wherever a text of somebody else is shown, it is this one. */
export const plantIn = (text: string, failures: ExtractFailure[] = []): ExtractDocument => {
  const { cost, changes } = extractExample;
  const [table] = tables;
  const [found] = changes?.found?.tables ?? [];
  return makeExtract({
    plan: text,
    source: text,
    trigger: { kind: 'manual', reason: text },
    copy: text,
    sandbox: sandbox && { ...sandbox, name: text, cluster: text, host: text, database: text },
    tables: table
      ? [{ ...table, table: `"${text.replaceAll('"', '""')}"`, where: text, leftOut: [text] }]
      : [],
    checks: [failCheck({ name: text, expected: text, actual: text, reason: text, verdict: 'skipped' })],
    changes: changes && {
      summary: text,
      lines: [text],
      found: changes.found && {
        ...changes.found,
        tables: found ? [{ ...found, table: `"${text.replaceAll('"', '""')}"` }] : [],
      },
    },
    tablesNow: text,
    sideEffects: text,
    cost: { ...cost, assumptions: [text] },
    failures,
  });
};
