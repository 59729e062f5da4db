import { describe, expect, test } from 'vitest';
import { findOutcome, makeFacts, makeMysqlFacts, makeParameters } from './facts-fixture.ts';

const untold = makeFacts();
delete untold.cluster.settings;

describe('log-exports', () => {
  test.each([
    ['PostgreSQL with its log', makeFacts(), 'pass'],
    ['PostgreSQL with more', makeFacts({ settings: { logExports: ['postgresql', 'instance'] } }), 'pass'],
    ['PostgreSQL with none', makeFacts({ settings: { logExports: [] } }), 'fail'],
    ['PostgreSQL with the logs of MySQL', makeFacts({ settings: { logExports: ['audit'] } }), 'fail'],
    ['MySQL with both', makeMysqlFacts(), 'pass'],
    ['MySQL without the audit log', makeMysqlFacts({ settings: { logExports: ['error'] } }), 'fail'],
    ['PostgreSQL, with the list left out', makeFacts({ settings: { logExports: null } }), 'fail'],
    ['no settings told', untold, 'unreadable'],
    ['another engine', makeFacts({ cluster: { engine: 'neptune' } }), 'not-applicable'],
    ['an engine that every object has', makeFacts({ cluster: { engine: 'constructor' } }), 'not-applicable'],
  ])('%s: %s', (_, facts, verdict) => {
    expect(findOutcome('log-exports', facts).verdict).toBe(verdict);
  });

  test('some missing: the command adds those alone, quoted for a shell', () => {
    const { seen, mend } = findOutcome(
      'log-exports',
      makeMysqlFacts({ settings: { logExports: ['slowquery', 'error'] } }),
    );
    expect(seen).toBe('error, slowquery');
    expect(mend?.command).toContain(`--cloudwatch-logs-export-configuration '{"EnableLogTypes":["audit"]}'`);
  });
});

const mysql = (values: Record<string, string>) => makeMysqlFacts({ parameters: makeParameters(values) });
const postgres = (values: Record<string, string>) => makeFacts({ parameters: makeParameters(values) });

describe('audit-logging', () => {
  test.each([
    ['MySQL with events', makeMysqlFacts(), 'pass'],
    [
      'MySQL, switched on by a word',
      mysql({ server_audit_logging: 'ON', server_audit_events: 'QUERY' }),
      'pass',
    ],
    ['MySQL without it', mysql({ server_audit_logging: '0', server_audit_events: 'QUERY' }), 'fail'],
    ['MySQL without events, so that nothing is written', mysql({ server_audit_logging: '1' }), 'fail'],
    ['MySQL whose group does not tell', mysql({ binlog_format: 'OFF' }), 'unreadable'],
    ['PostgreSQL with pgaudit and classes', makeFacts(), 'pass'],
    [
      'PostgreSQL with pgaudit by object',
      postgres({ shared_preload_libraries: 'pgaudit', 'pgaudit.role': 'rds_pgaudit' }),
      'pass',
    ],
    [
      'PostgreSQL with pgaudit of nothing',
      postgres({ shared_preload_libraries: 'pgaudit', 'pgaudit.log': 'none' }),
      'fail',
    ],
    [
      'PostgreSQL with a library of a name alike',
      postgres({ shared_preload_libraries: 'pgauditlogtofile', 'pgaudit.log': 'all' }),
      'fail',
    ],
    [
      'PostgreSQL with pgaudit in its group, and an instance that was not rebooted since',
      makeFacts({ cluster: { unrebooted: ['app-2'] } }),
      'unreadable',
    ],
    [
      'PostgreSQL without it, and such an instance',
      makeFacts({
        cluster: { unrebooted: ['app-2'] },
        parameters: makeParameters({ shared_preload_libraries: '' }),
      }),
      'fail',
    ],
    [
      'MySQL with events, which need no reboot',
      makeMysqlFacts({ cluster: { unrebooted: ['app-2'] } }),
      'pass',
    ],
    ['parameters that could not be read', makeFacts({ parameters: { unknown: 'Throttled' } }), 'unreadable'],
    ['another engine', makeFacts({ cluster: { engine: 'neptune' } }), 'not-applicable'],
  ])('%s: %s', (_, facts, verdict) => {
    expect(findOutcome('audit-logging', facts).verdict).toBe(verdict);
  });

  test('PostgreSQL without pgaudit: the libraries that are loaded stay, and a note says what else to do', () => {
    const { seen, mend } = findOutcome(
      'audit-logging',
      postgres({ shared_preload_libraries: 'pg_stat_statements, pg_cron' }),
    );
    const parameters = JSON.stringify([
      {
        ParameterName: 'shared_preload_libraries',
        ParameterValue: 'pg_stat_statements,pg_cron,pgaudit',
        ApplyMethod: 'pending-reboot',
      },
      { ParameterName: 'pgaudit.log', ParameterValue: 'ddl,role', ApplyMethod: 'immediate' },
    ]);
    expect(mend?.command).toBe(
      `aws rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name app-cluster --parameters '${parameters}' --region eu-west-1`,
    );
    expect(seen).toBe('shared_preload_libraries = pg_stat_statements, pg_cron, pgaudit.log not set');
    expect(mend?.note).toMatch(/every cluster with the group app-cluster; where .* is new, reboot/);
  });

  test.each(['default.aurora-mysql8.0', null])(
    'the group %s, which nobody can modify: no command',
    (parameterGroup) => {
      const facts = makeMysqlFacts({
        cluster: { parameterGroup },
        parameters: makeParameters({ server_audit_logging: '0' }),
      });
      expect(findOutcome('audit-logging', facts)).toMatchObject({
        verdict: 'fail',
        mend: {
          command: null,
          note: 'give it a cluster parameter group of its own, with server_audit_logging = 1, server_audit_events = CONNECT,QUERY_DCL,QUERY_DDL',
        },
      });
    },
  );
});
