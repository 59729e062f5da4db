import type { RehearsalLimits } from '../plan/rehearsal-limits.ts';
import { type Dialect, shapeOf } from '../sql/tokens.ts';
import { listSome } from '../words.ts';
import type { Catalog } from './catalog.ts';
import { type Finding, findOther, findUnbounded } from './findings.ts';
import type { StatementMeasured, ViewChanged } from './measured.ts';
import { finderIn, listNames, type Name } from './names.ts';

/** Views of the catalog in the place of its tables, to be found by name. */
const asTables = (catalog: Catalog) => ({
  ...catalog,
  tables: catalog.views.map(({ name }) => name),
  others: [],
});

/** Views of the catalog that a text names, as far as it can be read. */
export const viewsNamedIn = (catalog: Catalog): ((text: string) => string[]) => {
  const find = finderIn(asTables(catalog));
  return (text) => [...new Set(listNames(text, catalog.dialect).flatMap(find))];
};

/** @param code routines and triggers, with the views that their texts name */
export const addCode = (
  views: Catalog['views'],
  code: readonly { name: string; views: readonly string[] }[],
): Catalog['views'] =>
  views.map((view) => ({
    ...view,
    namedBy: code.filter((one) => one.views.includes(view.name)).map(({ name }) => name),
  }));

/** The views that a statement drops or gives a definition, of those that there were before the change. */
export const findViewsChanged = (sql: string, catalog: Catalog): ViewChanged[] => {
  const shape = shapeOf(sql, catalog.dialect);
  if (!changesViews.test(shape)) return [];
  const find = finderIn(asTables(catalog));
  const isDropped = shape.startsWith('drop');
  const names = listTargets(sql, catalog.dialect);
  const changed = new Set((isDropped ? names : names.slice(0, 1)).flatMap(find));
  return catalog.views
    .filter(({ name }) => changed.has(name))
    .map(({ name, ...users }) => ({ view: name, isDropped, ...users }));
};

/** A materialized view has rows, and is treated as a table. */
const changesViews =
  /^(create|alter|drop) ((?!event|function|index|materialized|procedure|rule|table|trigger)\S+ )*?view\b/;

const notNames = ['if', 'not', 'exists', 'cascade', 'restrict'];

/** What stands behind the word VIEW: all names of DROP VIEW; the first of CREATE and ALTER VIEW. */
const listTargets = (sql: string, dialect: Dialect): Name[] => {
  const names = listNames(sql, dialect);
  const isWord = (name: Name, words: readonly string[]): boolean =>
    name.length === 1 && words.includes(name[0] ?? '');
  return names
    .slice(names.findIndex((name) => isWord(name, ['view'])) + 1)
    .filter((name) => !isWord(name, notNames));
};

/** A view that a statement changed, which ran. `transaction`: of the script; null: the statement stood alone. */
type Step = ViewChanged & { statement: number; transaction: number | null; timeoutMs: number | null };

type Judged = { measured: StatementMeasured } & Pick<Step, 'transaction' | 'timeoutMs'>;

/** What changed views keep waiting, break and mean for whoever reads them. */
export const judgeViews = (
  judged: readonly Judged[],
  limits: RehearsalLimits,
  dialect: Dialect,
): { findings: Finding[]; notes: string[] } => {
  const steps = listSteps(judged);
  return {
    findings: dialect === 'mysql' ? [...findWaits(steps, limits, dialect), ...findBroken(steps)] : [],
    notes: describeSteps(steps, dialect),
  };
};

/** In the order of the change. */
const listSteps = (judged: readonly Judged[]): Step[] =>
  judged.flatMap(({ measured: { number: statement, error, views = [] }, transaction, timeoutMs }) =>
    error === null ? views.map((view) => ({ ...view, statement, transaction, timeoutMs })) : [],
  );

/**
 * MySQL does not tell of the lock that it takes on a view, and no probe is there: it lets nobody else read the view, and
 * waits for every transaction that has (tried on MariaDB). The locks of PostgreSQL were seen.
 */
const findWaits = (steps: readonly Step[], limits: RehearsalLimits, dialect: Dialect): Finding[] =>
  steps
    .filter((step) => findLast(steps, step)?.isDropped !== true)
    .flatMap(({ view, statement, timeoutMs }) =>
      findUnbounded({ number: statement }, view, { reads: true, writes: true }, timeoutMs, limits, dialect),
    );

/** MySQL drops a view that others read, and these fail from then on. PostgreSQL refuses that, or drops them too. */
const findBroken = (steps: readonly Step[]): Finding[] =>
  steps
    .filter((step) => step.isDropped && findNext(steps, step) === undefined)
    .flatMap(({ view, readBy, statement }) =>
      readBy
        .filter((reader) => !steps.some((step) => step.view === reader))
        .map((reader) =>
          findOther('left invalid', `it leaves view ${reader} invalid, which reads ${view}`, { statement }),
        ),
    );

const findLast = (steps: readonly Step[], { view, statement }: Step): Step | undefined =>
  steps.findLast((step) => step.view === view && step.statement < statement);

const findNext = (steps: readonly Step[], { view, statement }: Step): Step | undefined =>
  steps.find((step) => step.view === view && step.statement > statement);

/** What becomes of whoever reads a view, in sentences. */
const describeSteps = (steps: readonly Step[], dialect: Dialect): string[] =>
  steps.flatMap((step) => {
    const { view, isDropped, readBy, namedBy, statement } = step;
    const next = findNext(steps, step);
    if (isDropped && next !== undefined && isAtOnce(step, next, dialect)) return [];
    const users = [...readBy, ...namedBy];
    const known = users.length === 0 ? '' : ` (${listSome(users, mostUsers)})`;
    if (!isDropped)
      return [`Statement ${statement} defines ${view} anew: what reads it${known} gets what that gives.`];
    const until = next === undefined ? 'from then on' : `until statement ${next.statement}`;
    return [`Statement ${statement} drops ${view}: what reads it${known} fails ${until}.`];
  });

/** Nobody else sees what is between them. MySQL commits at each. */
const isAtOnce = (one: Step, other: Step, dialect: Dialect): boolean =>
  dialect === 'postgres' && one.transaction !== null && one.transaction === other.transaction;

const mostUsers = 5;
