import { compareTexts } from '../../words.ts';
import type { Definition } from '../port.ts';
import { formatTableName } from '../tables.ts';
import { grantsStatement, type RightRow, readRights, rightsSql } from './definitions-grants.ts';
import { unreadText } from './definitions-part.ts';
import { definitionStatements } from './definitions-sql.ts';
import type { MysqlSession } from './session.ts';

type Query = MysqlSession['query'];
type DefinitionRow = { kind: string; schema: string; object: string; suffix: string } & {
  position: string | number;
  /** NULL when it is longer than max_allowed_packet. */
  text: string | null;
};

/**
 * Whatever the server has besides rows, in a fixed number of statements: columns, views, triggers, functions, events,
 * tables, databases and grants. Left out are the server's own databases, and what is compared with the tables: types, keys,
 * constraints, engines. Where this user may not see all objects of a kind, one named `*` says so.
 */
export const listMysqlDefinitions = async (query: Query): Promise<Definition[]> => {
  const what = 'list the definitions';
  const { flavour, readableTables, hidden } = readRights(await query<RightRow>(what, rightsSql));
  const answers: DefinitionRow[][] = [];
  for (const sql of [...definitionStatements(flavour), grantsStatement(flavour, readableTables)])
    answers.push(await query<DefinitionRow>(what, sql));
  return [
    ...joinRows(answers.flat()),
    ...hidden.map(({ kind, needs }) => ({ kind, name: '*', text: `${unreadText} without ${needs}` })),
  ].sort((a, b) => compareTexts(a.kind, b.kind) || compareTexts(a.name, b.name));
};

/** Whether a part of it was kept from the user. Two such texts that are the same say nothing of the definition. */
export const isUnread = ({ text }: Definition): boolean => text.includes(unreadText);

/** A table and its partitions, or a function and its parameters, are several rows of one name. */
const joinRows = (rows: DefinitionRow[]): Definition[] =>
  [...Map.groupBy(rows, (row) => `${row.kind} ${formatName(row)}`).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const texts = same
      .map(({ position, text }) => ({ position: Number(position), text: text ?? unreadText }))
      .sort((a, b) => a.position - b.position || compareTexts(a.text, b.text));
    return [{ kind: first.kind, name: formatName(first), text: texts.map(({ text }) => text).join('\n') }];
  });

const formatName = ({ schema, object, suffix }: DefinitionRow): string =>
  object === '' ? schema : `${formatTableName({ schema, table: object })}${suffix}`;
