import { asText, type Part, readable, selectParts } from './definitions-part.ts';
import { isUserSchema } from './names.ts';
import type { Flavour } from './session.ts';

const isTable = `table_type in ('BASE TABLE', 'SYSTEM VERSIONED')`;

/** In which session something was created: names and literals of its body mean what they meant there. */
const origin = {
  'character set': 'character_set_client',
  collation: 'collation_connection',
  'database collation': 'database_collation',
};

/** The type and whether it may be NULL are compared with the table. A view's columns follow from the view. */
const columns = (flavour: Flavour): Part => ({
  kind: 'columns',
  schema: 'table_schema',
  object: 'table_name',
  suffix: `concat('.', ${asText('column_name')})`,
  lines: {
    default: `ifnull(${asText('column_default')}, '(none)')`,
    extra: `nullif(extra, '')`,
    generated: `nullif(generation_expression, '')`,
    'character set': 'character_set_name',
    collation: 'collation_name',
    ...(flavour === 'mysql' ? { 'spatial reference system': 'srs_id' } : {}),
    comment: `nullif(column_comment, '')`,
  },
  from: `information_schema.columns
    where ${isUserSchema('table_schema')} and (table_schema, table_name) in
          (select table_schema, table_name from information_schema.tables
            where ${isUserSchema('table_schema')} and ${isTable})`,
});

/** Only MariaDB tells the algorithm here. */
const views = (flavour: Flavour): Part => ({
  kind: 'views',
  schema: 'table_schema',
  object: 'table_name',
  lines: {
    definition: readable('view_definition'),
    'check option': 'check_option',
    definer: 'definer',
    security: 'security_type',
    ...(flavour === 'mariadb' ? { algorithm: 'algorithm' } : {}),
    'character set': 'character_set_client',
    collation: 'collation_connection',
  },
  from: `information_schema.views where ${isUserSchema('table_schema')}`,
});

const triggers: Part = {
  kind: 'triggers',
  schema: 'trigger_schema',
  object: 'trigger_name',
  lines: {
    table: 'event_object_table',
    timing: 'action_timing',
    event: 'event_manipulation',
    order: 'action_order',
    body: readable('action_statement'),
    definer: 'definer',
    'sql mode': 'sql_mode',
    ...origin,
  },
  from: `information_schema.triggers where ${isUserSchema('trigger_schema')}`,
};

/** A function and a procedure may share a name. */
const routineSuffix = `concat(' (', lower(${asText('routine_type')}), ')')`;

const routines: Part = {
  kind: 'functions',
  schema: 'routine_schema',
  object: 'routine_name',
  suffix: routineSuffix,
  lines: {
    body: readable('routine_definition'),
    deterministic: 'is_deterministic',
    'data access': 'sql_data_access',
    definer: 'definer',
    security: 'security_type',
    'sql mode': 'sql_mode',
    comment: `nullif(routine_comment, '')`,
    ...origin,
  },
  from: `information_schema.routines where ${isUserSchema('routine_schema')}`,
};

/** Parameter 0 is what a function returns. */
const parameters: Part = {
  kind: 'functions',
  schema: 'specific_schema',
  object: 'specific_name',
  suffix: routineSuffix,
  position: 'ordinal_position + 1',
  lines: {
    parameter: 'ordinal_position',
    mode: 'parameter_mode',
    name: 'parameter_name',
    type: 'dtd_identifier',
    'character set': 'character_set_name',
    collation: 'collation_name',
  },
  from: `information_schema.parameters where ${isUserSchema('specific_schema')}`,
};

/** Not when it was created, altered or executed. */
const events: Part = {
  kind: 'events',
  schema: 'event_schema',
  object: 'event_name',
  lines: {
    body: readable('event_definition'),
    at: 'execute_at',
    every: `concat(${asText('interval_value')}, ' ', ${asText('interval_field')})`,
    starts: 'starts',
    ends: 'ends',
    'time zone': 'time_zone',
    status: 'status',
    'on completion': 'on_completion',
    definer: 'definer',
    'sql mode': 'sql_mode',
    comment: `nullif(event_comment, '')`,
    ...origin,
  },
  from: `information_schema.events where ${isUserSchema('event_schema')}`,
};

const tables: Part = {
  kind: 'tables',
  schema: 'table_schema',
  object: 'table_name',
  lines: {
    'row format': 'row_format',
    options: `nullif(create_options, '')`,
    comment: `nullif(table_comment, '')`,
  },
  from: `information_schema.tables where ${isUserSchema('table_schema')} and ${isTable}`,
};

const partitions: Part = {
  kind: 'tables',
  schema: 'table_schema',
  object: 'table_name',
  position: 'partition_ordinal_position * 10000 + ifnull(subpartition_ordinal_position, 0)',
  lines: {
    partition: 'partition_name',
    method: 'partition_method',
    expression: 'partition_expression',
    values: 'partition_description',
    subpartition: 'subpartition_name',
    'method of subpartitions': 'subpartition_method',
    'expression of subpartitions': 'subpartition_expression',
    comment: `nullif(partition_comment, '')`,
  },
  from: `information_schema.partitions where ${isUserSchema('table_schema')} and partition_name is not null`,
};

const databases = (flavour: Flavour): Part => ({
  kind: 'databases',
  schema: 'schema_name',
  lines: {
    'character set': 'default_character_set_name',
    collation: 'default_collation_name',
    ...(flavour === 'mysql'
      ? { encryption: 'default_encryption' }
      : { comment: `nullif(schema_comment, '')` }),
  },
  from: `information_schema.schemata where ${isUserSchema('schema_name')}`,
});

/** As many statements for a server with one table as for one with thousands. */
export const definitionStatements = (flavour: Flavour): string[] => [
  selectParts(columns(flavour)),
  selectParts(views(flavour)),
  selectParts(triggers),
  selectParts(routines, parameters),
  selectParts(events),
  selectParts(tables, partitions, databases(flavour)),
];
