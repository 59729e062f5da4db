import { saferExample, storyExample } from '../../../local/documents/rehearsal-example.ts';
import {
  buildRehearsal,
  type RehearsalDocument,
  type RehearsalFailure,
  type RehearsalOutcome,
} from '../../../shared/rehearsal/document.ts';
import { makeStatement, makeTable } from './measured-fixture.ts';

/** Unsafe, unless something else is given. */
export const makeRehearsal = (changes: Partial<RehearsalOutcome> = {}): RehearsalDocument =>
  buildRehearsal({ ...storyExample, ...changes });

export const safeRehearsal = buildRehearsal(saferExample);

/** Before anything was made. */
export const nothingRun: Partial<RehearsalOutcome> = {
  clone: null,
  measured: null,
  phases: [],
  resources: [],
  teardown: { status: 'not-needed', deleted: [] },
};

/** Wherever a text of somebody else is shown, it is this one. */
export const plantIn = (text: string, failures: RehearsalFailure[] = []): RehearsalDocument => {
  const { measured, cost } = storyExample;
  const stretch = { fromMs: 0, toMs: 900 };
  const table = makeTable({
    table: text,
    blockedRead: { longestMs: 900, stretches: [stretch] },
    blockedWrite: { longestMs: 1900, stretches: [stretch] },
    isRewritten: true,
    rowsScanned: 3,
  });
  const statement = makeStatement({
    sql: text,
    tables: [table],
    locks: [{ relation: text, mode: text, ...stretch }],
    leftInvalid: [text],
    algorithm: { took: text, wouldTake: text },
    error: { message: text, code: text, doneBefore: text },
    notMeasured: [text],
  });
  return makeRehearsal({
    plan: text,
    source: text,
    engine: text,
    trigger: { kind: 'manual', reason: text },
    change: { summary: text, storedAt: { bucket: text, key: text, versionId: text, sha256: text } },
    clone: text,
    differences: [text],
    sideEffects: text,
    scriptNotes: [text],
    measured: measured && {
      ...measured,
      serverVersion: text,
      contender: { seconds: 2, tables: [text] },
      statements: [statement],
    },
    cost: { ...cost, assumptions: [text] },
    failures,
  });
};
