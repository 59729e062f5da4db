import { asText } from './definitions-part.ts';
import type { Flavour } from './session.ts';

type Grant = { grantee: string; on?: string; text: string; from: string };

const concat = (...parts: string[]): string => `concat(${parts.join(', ')})`;
const account = (user: string, host: string): string =>
  concat(`''''`, asText(user), `'''@'''`, asText(host), `''''`);

const selectGrant = ({ grantee, on, text, from }: Grant): string =>
  `select 'grants' as kind, ${on === undefined ? grantee : concat(grantee, `' on '`, on)} as \`schema\`,
          '' as object, '' as suffix, 0 as position, ${text} as text from ${from}`;

const privilege = (...more: string[]): string =>
  concat(asText('privilege_type'), ...more, `if(is_grantable = 'YES', ' with grant option', '')`);
const inTable = concat(asText('table_schema'), `'.'`, asText('table_name'));

/** Without SELECT on mysql.*, a user sees only rows of its own here. */
const grants: Grant[] = [
  { grantee: asText('grantee'), text: privilege(), from: 'information_schema.user_privileges' },
  {
    grantee: asText('grantee'),
    on: concat(asText('table_schema'), `'.*'`),
    text: privilege(),
    from: 'information_schema.schema_privileges',
  },
  {
    grantee: asText('grantee'),
    on: inTable,
    text: privilege(),
    from: 'information_schema.table_privileges',
  },
  {
    grantee: asText('grantee'),
    on: inTable,
    text: privilege(`' ('`, asText('column_name'), `')'`),
    from: 'information_schema.column_privileges',
  },
];

/** A table of accounts, and the column without which there is no sense in reading it. */
type AccountTable = { table: string; column: string; grant: Omit<Grant, 'from'> };

const onRoutines: AccountTable = {
  table: 'procs_priv',
  column: 'proc_priv',
  grant: {
    grantee: account('user', 'host'),
    on: concat(`lower(${asText('routine_type')})`, `' '`, asText('db'), `'.'`, asText('routine_name')),
    text: asText('proc_priv'),
  },
};

const withAdmin = (column: string): string => `if(${column} = 'Y', ' with admin option', '')`;

/** What information_schema lacks. Nothing here reads what an account signs in with. */
const accountTables: Record<Flavour, AccountTable[]> = {
  mysql: [
    {
      table: 'user',
      column: 'account_locked',
      grant: {
        grantee: account('user', 'host'),
        text: `if(account_locked = 'Y', 'account, locked', 'account')`,
      },
    },
    {
      table: 'role_edges',
      column: 'from_user',
      grant: {
        grantee: account('to_user', 'to_host'),
        text: concat(`'role '`, account('from_user', 'from_host'), withAdmin('with_admin_option')),
      },
    },
    {
      table: 'default_roles',
      column: 'default_role_user',
      grant: {
        grantee: account('user', 'host'),
        text: concat(`'default role '`, account('default_role_user', 'default_role_host')),
      },
    },
    onRoutines,
  ],
  mariadb: [
    {
      table: 'global_priv',
      column: 'priv',
      grant: {
        grantee: account('user', 'host'),
        // information_schema.user_privileges of MariaDB has no roles. Here their global privileges are bits.
        text: concat(
          `if(json_value(priv, '$.is_role'), ${concat(`'role with privileges '`, asText(`json_value(priv, '$.access')`))}, 'account')`,
          `if(json_value(priv, '$.account_locked'), ', locked', '')`,
          `ifnull(concat(', default role ', ${asText(`json_value(priv, '$.default_role')`)}), '')`,
        ),
      },
    },
    {
      table: 'roles_mapping',
      column: 'role',
      grant: {
        grantee: account('user', 'host'),
        text: concat(`'role '`, asText('role'), withAdmin('admin_option')),
      },
    },
    onRoutines,
  ],
};

/** @param readable tables of mysql.* that this user may read */
export const grantsStatement = (flavour: Flavour, readable: string[]): string =>
  [
    ...grants,
    ...accountTables[flavour]
      .filter(({ table }) => readable.includes(table))
      .map(({ table, grant }) => ({ ...grant, from: `mysql.${table}` })),
  ]
    .map(selectGrant)
    .join(' union all ');

/** Rights on all databases, of which one is needed to see all objects of a kind. */
const neededPrivileges: Record<string, string[]> = {
  triggers: ['TRIGGER'],
  events: ['EVENT'],
  functions: ['SELECT', 'SHOW_ROUTINE'],
};

const allAccountTables = Object.values(accountTables).flat();

/** Whether a user sees an object or not depends on its rights. Objects that it does not see have no row at all. */
export const rightsSql = `
  select 'version' as fact, ${asText('version()')} as value, '' as owner
  union all select 'user', ${asText('current_user()')}, ''
  union all select 'roles', ${asText('current_role()')}, ''
  union all select 'table', ${asText('table_name')}, '' from information_schema.columns
   where table_schema = 'mysql' and privileges like '%select%'
     and (${allAccountTables.map(({ table, column }) => `table_name = '${table}' and column_name = '${column}'`).join(' or ')})
  union all select 'privilege', ${asText('privilege_type')}, ${asText('grantee')}
    from information_schema.user_privileges
   where privilege_type in (${Object.values(neededPrivileges)
     .flat()
     .map((name) => `'${name}'`)
     .join(', ')})`;

export type RightRow = { fact: string; value: string | null; owner: string };

export type Rights = {
  flavour: Flavour;
  readableTables: string[];
  /** Kinds of which this user may not see all, and the right that it lacks. */
  hidden: { kind: string; needs: string }[];
};

export const readRights = (rows: RightRow[]): Rights => {
  const valuesOf = (fact: string): string[] =>
    rows.flatMap((row) => (row.fact === fact && row.value !== null ? [row.value] : []));
  const flavour = valuesOf('version')[0]?.includes('MariaDB') ? 'mariadb' : 'mysql';
  const readableTables = valuesOf('table');
  // Only MySQL lists a role's rights. It writes roles as `name`@`host`, and owners in single quotes.
  const own = [
    ...valuesOf('user').map((user) => `'${user.replace(/@(?=[^@]*$)/, `'@'`)}'`),
    ...(valuesOf('roles')[0]?.replaceAll('`', `'`).split(',') ?? []),
  ];
  const held = rows.flatMap(({ fact, value, owner }) =>
    fact === 'privilege' && own.includes(owner) ? [value] : [],
  );
  return {
    flavour,
    readableTables,
    hidden: [
      ...Object.entries(neededPrivileges)
        .filter(([, names]) => !names.some((name) => held.includes(name)))
        .map(([kind, [first]]) => ({ kind, needs: `${first} on *.*` })),
      ...(accountTables[flavour].every(({ table }) => readableTables.includes(table))
        ? []
        : [{ kind: 'grants', needs: 'SELECT on mysql.*' }]),
    ],
  };
};
