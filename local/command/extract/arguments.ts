import { parseTableName } from '../../../shared/database/tables.ts';
import { DrillError } from '../../../shared/errors.ts';
import { type ExtractInput, parseExtractInput } from '../../../shared/extraction/input.ts';
import { accidents } from '../../accidents/catalog.ts';
import type { EngineName } from '../../servers/engine-name.ts';
import { type ChosenAccident, findAccident, listAccidents } from '../accidents.ts';
import { findEngine, parseWords, readInputObject } from '../arguments.ts';
import { sharedExitCodes } from '../command.ts';
import { type OwnDatabase, readOwnDatabase } from './own-database.ts';

export type ExtractArguments = {
  engine: EngineName;
  /** What happens to production before its table is asked for; null: nothing. */
  accident: ChosenAccident | null;
  sqlFile: string | null;
  planFile: string | null;
  planName: string | undefined;
  /** The execution input. Without `restoreTo`, the second before the accident is meant, or the latest time. */
  input: Record<string, unknown>;
  /** Of the input, as it was read. */
  asked: Pick<ExtractInput, 'tables' | 'where'>;
  /** Null: a sandbox that this command starts, and removes. */
  into: OwnDatabase | null;
  isJson: boolean;
  /** Opens the report in a browser at the end. */
  isOpened: boolean;
  reportFolder: string | null;
};

export type ExtractCommand =
  | { kind: 'extract'; arguments: ExtractArguments }
  | { kind: 'print'; text: string };

export const extractHelp = `Extracts tables of a past time into a sandbox, on this machine: a real database under write load, a real sandbox
server, the real state machine.

usage: npm run extract [-- options]

  --table NAME    a table to extract, as schema.table (default: orders). May be repeated
  --to TIME       the time that its rows are of, in place of the second before the accident: latest, which is after
                  it, or a time ago, as 3s ago. Backups begin some seconds before the accident
  --where SQL     only rows that meet this condition: 'id < 500'. Of several tables: --where 'public.orders=id < 500'.
                  May be repeated
  --with-parents  the tables that foreign keys point to come along
  --into URL      into your own database: postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=require, or mysql://...
                  A new schema is made there, and stays. By default a sandbox is started, shown and removed.
                  Without a password in the URL, that of PGPASSWORD or MYSQL_PWD is used
  --accident NAME what happens to production after that time (default: the one of the sample that hits the first
                  table); --accident list shows all. Or a file of SQL, which ends in .sql
  --engine NAME   postgres (the default), or mysql, which uses MariaDB's programs from PATH
  --sql FILE      extract from your own database: a SQL file, as pg_dump or mysqldump writes it, plain or in gzip.
                  Nothing happens to it, unless --accident names a file
  --plan FILE     your own plan, in the format of plans.yml. Its sandboxes are replaced by the one of this command
  --input JSON    more of the execution input, as in the Step Functions console: '{"dryRun": true}'
  --json          print only the document of the extract on stdout, with what the accident did under "accident";
                  all else goes to stderr (with npm run -s, which keeps npm's own lines away)
  --report DIR    where result.json, report.html and messages.txt go (default drill-reports/<extract id>;
                  drill-reports/index.html is the history of all jobs here)
  --open          open the report in a browser at the end
  --help          this text

Colours and links appear only in a terminal; NO_COLOR=1 turns them off.

exit code: 0 the tables are in the sandbox as they were, 1 not, ${sharedExitCodes}`;

const options = {
  table: { type: 'string', multiple: true },
  to: { type: 'string' },
  where: { type: 'string', multiple: true },
  'with-parents': { type: 'boolean' },
  into: { type: 'string' },
  accident: { type: 'string' },
  engine: { type: 'string' },
  sql: { type: 'string' },
  plan: { type: 'string' },
  input: { type: 'string' },
  json: { type: 'boolean' },
  report: { type: 'string' },
  open: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Reads the command line. @throws DrillError InvalidArguments, or InvalidInput */
export const readExtractArguments = (
  words: string[],
  environment: NodeJS.ProcessEnv = process.env,
): ExtractCommand => {
  const values = parseWords(words, options);
  if (values.help) return { kind: 'print', text: extractHelp };
  if (values.accident === 'list') return { kind: 'print', text: listAccidents() };
  const engine = findEngine(values.engine ?? 'postgres');
  const sqlFile = values.sql ?? null;
  const typed = values.input === undefined ? {} : readInputObject(values.input);
  const tables = values.table ?? typed.tables ?? listDefault(sqlFile);
  const names = [tables].flat().map(String);
  const input = {
    ...typed,
    tables,
    ...(values.where !== undefined && { where: readConditions(values.where, names) }),
    ...(values.to !== undefined && { restoreTo: values.to }),
    ...(values['with-parents'] && { withParents: true }),
  };
  // Before any server is started. The execution reads it again.
  const read = parseExtractInput({ restoreTo: 'latest', ...input }, new Date().toISOString());
  const isUntouched = sqlFile !== null && values.accident === undefined;
  return {
    kind: 'extract',
    arguments: {
      engine,
      accident: isUntouched ? null : findAccident(values.accident ?? accidentOf(names, engine), sqlFile),
      sqlFile,
      planFile: values.plan ?? null,
      planName: read.plan,
      input,
      asked: { tables: read.tables, where: read.where },
      into: values.into === undefined ? null : readOwnDatabase(values.into, engine, environment),
      isJson: values.json ?? false,
      isOpened: values.open ?? false,
      reportFolder: values.report ?? null,
    },
  };
};

const listDefault = (sqlFile: string | null): string[] => {
  if (sqlFile === null) return ['orders'];
  throw wrong(`the default table is one of the sample, and --sql loads ${sqlFile}`, 'add --table NAME');
};

/** Each is "TABLE=SQL", or SQL alone where there is one table. */
const readConditions = (texts: readonly string[], tables: readonly string[]): Record<string, string> => {
  const conditions = texts.map((text): [string, string] => {
    const table = tables.find((name) => text.startsWith(`${name}=`));
    if (table !== undefined) return [table, text.slice(table.length + 1)];
    const [only, ...others] = tables;
    if (only !== undefined && others.length === 0) return [only, text];
    throw wrong(
      `--where ${text} does not say which of ${tables.length} tables it is for`,
      `write the table as in --table before it: --where '${only}=${text}'`,
    );
  });
  const twice = tables.find((table) => conditions.filter(([name]) => name === table).length > 1);
  if (twice !== undefined) throw wrong(`--where has two conditions for ${twice}`, 'join them with and');
  return Object.fromEntries(conditions);
};

const wrong = (message: string, hint: string): DrillError =>
  new DrillError('InvalidArguments', message, { hint });

/** The accident of the sample that hits one of these tables, if one does. */
const accidentOf = (tables: readonly string[], engine: EngineName): string | undefined => {
  const names = tables.map((table) => parseTableName(table)?.table);
  return accidents.find(({ scripts }) => names.includes(scripts[engine].table))?.name;
};
