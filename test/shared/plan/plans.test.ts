import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { choosePlan, parsePlans } from '../../../shared/plan/plans.ts';
import { makeChecks } from '../drill/state-fixture.ts';

/** A plans file with one plan, app, with these lines. */
const makeFile = (...lines: string[]): string =>
  [
    'plans:',
    '  app:',
    '    source: app',
    '    database: { name: app, user: drill_reader }',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');

const manyTags = (count: number) => Array.from({ length: count }, (_, n) => `t${n}: a`).join(', ');

const parse = (text: string) => parsePlans(text, 'plans.yml');
const fails = (name: string, ...parts: string[]) =>
  expect.objectContaining({
    name,
    summary: expect.toSatisfy((summary: string) => parts.every((part) => summary.includes(part))),
  });

test('plans.yml as it is deployed: a plans file', async () => {
  const text = await readFile(new URL('../../../plans.yml', import.meta.url), 'utf8');
  expect(Object.keys(parse(text))).not.toHaveLength(0);
});

test('the shortest plan: every row of all user tables, 90 minutes, the rest from the source', () => {
  expect(parse(makeFile())).toEqual({
    app: {
      source: 'app',
      timeoutMinutes: 240,
      restore: {},
      sideEffects: 'refuse',
      database: { name: 'app', user: 'drill_reader' },
      objectives: {},
      checks: makeChecks({ bracketMs: 2000 }),
      tests: {},
      recover: { readers: 'same' },
      rehearse: {
        limits: { blockedReadMs: 500, blockedWriteMs: 1000, durationSeconds: 600, rewrites: 'never' },
      },
      sandboxes: {},
    },
  });
});

test('tests and recover: taken as they are', () => {
  const tests = { 'bad rows gone': { sql: 'select count(*) from bad', expect: 0 } };
  const recover = { readers: 2, instanceClass: 'db.r8g.large', tags: { team: 'a' } };
  const { app } = parse(makeFile(`tests: ${JSON.stringify(tests)}`, `recover: ${JSON.stringify(recover)}`));
  expect(app).toMatchObject({ tests, recover });
});

test.each([
  ['recover: { readers: 16 }', 'recover.readers: expected same, or a number from 0 to 15, seen 16'],
  ['tests: { x: { sql: delete from a, expect: 0 } }', 'tests.x.sql'],
  ['tests: { x: { sql: select 1, expect: same } }', 'tests.x.expect: expected one literal value'],
  ['recover: { tags: { "aurora-recovered:source": a } }', 'which are not yours to give'],
])('%s: InvalidPlan that says why', (line, ...parts) => {
  expect(() => parse(makeFile(line))).toThrow(fails('InvalidPlan', ...parts));
});

test('a full plan: taken as it is', () => {
  const { app } = parse(
    makeFile(
      'schedule: cron(0 8 ? * MON *)',
      'timeoutMinutes: 45',
      'restore: { subnetGroup: drill, securityGroups: [sg-0a1b], port: 5433, instanceClass: db.r8g.large }',
      'objectives: { rtoMinutes: 60, rpoMinutes: 0.5 }',
      'checks:',
      '  tables: [users, "public.\\"order.items\\""]',
      '  tolerance: 5',
      '  checksum: sampled',
      '  integrity: amcheck',
      '  sessions: 8',
      '  overrides:',
      '    users: { tolerance: auto, checksum: full }',
      '    orders: { freshness: { column: placed_at, within: 15m, timeZone: Europe/Paris } }',
      '    events: { freshness: { column: at, within: 1d } }',
      '  queries:',
      '    - { name: revenue, sql: "select sum(amount) from orders;", expect: same }',
      '    - { name: orphans, sql: "table orphans", expect: 0 }',
    ),
  );
  expect(app).toMatchObject({
    schedule: 'cron(0 8 ? * MON *)',
    timeoutMinutes: 45,
    restore: { subnetGroup: 'drill', securityGroups: ['sg-0a1b'], port: 5433, instanceClass: 'db.r8g.large' },
    objectives: { rtoMinutes: 60, rpoMinutes: 0.5 },
    checks: {
      tables: ['users', 'public."order.items"'],
      tolerance: 5,
      checksum: 'sampled',
      integrity: 'amcheck',
      sessions: 8,
      overrides: {
        users: { tolerance: 'auto', checksum: 'full' },
        orders: { freshness: { column: 'placed_at', within: '15m', timeZone: 'Europe/Paris' } },
        events: { freshness: { column: 'at', within: '1d', timeZone: 'UTC' } },
      },
      queries: [
        { name: 'revenue', sql: 'select sum(amount) from orders;', expect: 'same' },
        { name: 'orphans', sql: 'table orphans', expect: 0 },
      ],
    },
  });
});

test.each([
  'restore: { port: 1150 }',
  'restore: { port: 65535 }',
  'restore: { capacity: { min: 256, max: 256 } }',
  'restore: { capacity: { min: 0, max: 1 } }',
  'restore: { tags: {} }',
  'restore: { tags: { "Kostenstelle Süd 1_.:/=+-@": "", awsome: "aws:x" } }',
  `restore: { tags: { ${'k'.repeat(128)}: ${'v'.repeat(256)} } }`,
  `restore: { tags: { ${manyTags(45)} } }`,
  'timeoutMinutes: 720',
  'sideEffects: refuse',
  'sideEffects: accepted',
  'checks: { tables: [users] }',
  'checks: { tables: all, tolerance: 0 }',
  'checks: { tolerance: auto }',
  'checks: { tolerance: 100% }',
  'checks: { sessions: 2 }',
  'checks: { sessions: 16 }',
  'checks: { queries: [{ name: none, sql: select 1, expect: null }] }',
  'checks: { queries: [{ name: yes, sql: select 1, expect: true }] }',
])('%s, at the edge of what is allowed: taken', (line) => {
  expect(() => parse(makeFile(line))).not.toThrow();
});

test.each([
  ['shedule: rate(7 days)', 'plans.app.shedule: unknown key'],
  ['restore: { subnetgroup: drill }', 'plans.app.restore.subnetgroup: unknown key'],
  ['objectives: { rtoSeconds: 60 }', 'plans.app.objectives.rtoSeconds: unknown key'],
  ['checks: { table: all }', 'plans.app.checks.table: unknown key'],
  [
    'checks: { overrides: { public.audit_log: { tolerence: 0 } } }',
    'plans.app.checks.overrides["public.audit_log"].tolerence: unknown key',
  ],
])('%s: InvalidPlan that names the unknown key by its path', (line, problem) => {
  expect(() => parse(makeFile(line))).toThrow(fails('InvalidPlan', problem));
});

test.each([
  ['schedule: cron(0 8 * * MON)', 'plans.app.schedule: expected cron('],
  ['timeoutMinutes: 0', 'plans.app.timeoutMinutes: '],
  ['timeoutMinutes: 721', 'plans.app.timeoutMinutes: '],
  ['timeoutMinutes: 90m', 'plans.app.timeoutMinutes: expected number, seen "90m"'],
  [
    'restore: { securityGroups: [default] }',
    'plans.app.restore.securityGroups[0]: expected a security group id',
  ],
  ['restore: { securityGroups: [] }', 'plans.app.restore.securityGroups: '],
  ['restore: { instanceClass: r8g.large }', 'plans.app.restore.instanceClass: expected an instance class'],
  ['restore: { capacity: { min: 8, max: 2 } }', 'plans.app.restore.capacity: expected min to be at most max'],
  ['restore: { capacity: { min: 0, max: 257 } }', 'plans.app.restore.capacity.max: '],
  ['restore: { capacity: { min: -1, max: 2 } }', 'plans.app.restore.capacity.min: '],
  [
    'restore: { tags: { CostCenter: 4711 } }',
    'plans.app.restore.tags.CostCenter: expected string, seen 4711',
  ],
  ['restore: { tags: { owner: "a&b" } }', 'plans.app.restore.tags.owner: expected a tag value of letters'],
  ['restore: { tags: { "a(b)": x } }', 'plans.app.restore.tags["a(b)"]: expected a tag key of letters'],
  ['restore: { tags: { "": x } }', 'plans.app.restore.tags[""]: '],
  ...['aws:x', 'AWS:x', 'rds:x', 'aurora-drills:drill', 'Aurora-Drills:x'].map((key): [string, string] => [
    `restore: { tags: { "${key}": x } }`,
    `plans.app.restore.tags["${key}"]: expected a tag key that does not begin with aws:`,
  ]),
  [`restore: { tags: { ${'k'.repeat(129)}: x } }`, `plans.app.restore.tags.${'k'.repeat(129)}: `],
  [`restore: { tags: { owner: ${'v'.repeat(257)} } }`, 'plans.app.restore.tags.owner: '],
  [`restore: { tags: { ${manyTags(46)} } }`, 'plans.app.restore.tags: expected at most 45 tags'],
  ['restore: { port: 1149 }', 'plans.app.restore.port: '],
  ['restore: { port: 65536 }', 'plans.app.restore.port: '],
  ['objectives: { rtoMinutes: -1 }', 'plans.app.objectives.rtoMinutes: '],
  ['checks: { tolerance: 101% }', 'plans.app.checks.tolerance: expected auto, a percentage from 0% to 100%'],
  ['checks: { tolerance: none }', 'plans.app.checks.tolerance: expected auto'],
  ['checks: { checksum: all }', 'plans.app.checks.checksum: '],
  ['checks: { checksum: true }', 'plans.app.checks.checksum: '],
  ['checks: { integrity: full }', 'plans.app.checks.integrity: '],
  ['checks: { sessions: 1 }', 'plans.app.checks.sessions: '],
  ['checks: { sessions: 17 }', 'plans.app.checks.sessions: '],
  ['checks: { sessions: 2.5 }', 'plans.app.checks.sessions: '],
  ['checks: { overrides: { users: { checksum: sample } } }', 'plans.app.checks.overrides.users.checksum: '],
  ['checks: { overrides: { users: { integrity: amcheck } } }', 'overrides.users.integrity: unknown key'],
  [
    'checks: { overrides: { users: { freshness: { column: at, within: 1h, timeZone: Europe/Pariss } } } }',
    'plans.app.checks.overrides.users.freshness.timeZone: expected a time zone such as Europe/Paris',
  ],
  ['checks: { settled: { users: { column: at } } }', 'plans.app.checks.settled.users.margin: '],
  [
    'checks: { settled: { users: { column: at, margin: 0m } } }',
    'plans.app.checks.settled.users.margin: expected a duration such as 0s',
  ],
  [
    'checks: { settled: { users: { column: at, margin: 0s, deletes: true } } }',
    'plans.app.checks.settled.users.deletes: ',
  ],
  [
    'checks: { queries: [{ name: a, sql: delete from users, expect: 0 }] }',
    'plans.app.checks.queries[0].sql: expected SELECT, WITH, VALUES or TABLE, and it begins with delete',
  ],
  [
    'checks: { queries: [{ name: a, sql: select 1 into b, expect: 0 }] }',
    'plans.app.checks.queries[0].sql: expected a statement that only reads: INTO',
  ],
  ['checks: { queries: [{ name: "", sql: select 1, expect: 0 }] }', 'plans.app.checks.queries[0].name: '],
  [
    'checks: { queries: [{ name: a, sql: select 1, expect: 1 }, { name: a, sql: select 2, expect: 2 }] }',
    'plans.app.checks.queries: expected queries of different names',
  ],
  ['checks: { queries: [{ name: a, sql: select 1 }] }', 'plans.app.checks.queries[0].expect: '],
  ['checks: { tolerance: -1 }', 'plans.app.checks.tolerance: '],
  ['checks: { tables: [] }', 'plans.app.checks.tables: '],
  ['checks: { tables: [app.public.users] }', 'plans.app.checks.tables[0]: expected a table as schema.table'],
  [
    'checks: { overrides: { users: { freshness: { column: updated_at, within: soon } } } }',
    'plans.app.checks.overrides.users.freshness.within: expected a duration',
  ],
])('%s: InvalidPlan with the path and what was expected', (line, problem) => {
  expect(() => parse(makeFile(line))).toThrow(fails('InvalidPlan', problem));
});

test.each(['drill-app-1f2e3d4c', '1app', 'app--main', 'app-', 'app_main', 'a'.repeat(64), '""'])(
  'source %s: InvalidPlan',
  (source) => {
    const text = makeFile().replace('source: app', `source: ${source}`);
    expect(() => parse(text)).toThrow(fails('InvalidPlan', 'plans.app.source: expected'));
  },
);

test.each(['a', `a${'_'.repeat(39)}`, 'Prod-1_b'])('plan named %s: taken', (name) => {
  expect(Object.keys(parse(makeFile().replace('  app:', `  ${name}:`)))).toEqual([name]);
});

test.each(['1app', '-app', 'app.main', 'app main', 'a'.repeat(41)])('plan named %s: InvalidPlan', (name) => {
  expect(() => parse(makeFile().replace('  app:', `  ${name}:`))).toThrow(fails('InvalidPlan', name));
});

test.each(['""', 'null', '[]', 'plans:', 'plans: []', 'plans: {}', 'plan: { app: {} }'])(
  'a file that holds %s: InvalidPlan that names the file',
  (text) => {
    expect(() => parse(text)).toThrow(fails('InvalidPlan', 'plans.yml is not a plans file'));
  },
);

test.each([
  ['an unclosed list', 'plans: ['],
  ['a key twice', 'plans: { app: {}, app: {} }'],
  ['a tab as indentation', 'plans:\n\tapp: {}'],
])('%s: InvalidPlan that says it is no YAML, and where', (_, text) => {
  expect(() => parse(text)).toThrow(fails('InvalidPlan', 'plans.yml is not YAML', ' at line '));
});

test('several mistakes in two plans: all of them are reported at once', () => {
  const text =
    'plans: { one: { source: app }, two: { source: 5, schedule: weekly, database: { name: app } } }';
  const problems = [
    'plans.one.database: expected object, but it is missing',
    'plans.two.source: expected string, seen 5',
    'plans.two.schedule: expected cron(',
    'plans.two.database.user: expected string, but it is missing',
  ];
  expect(() => parse(text)).toThrow(fails('InvalidPlan', ...problems));
});

test('a wrong value of great length: cut in the message', () => {
  const text = makeFile(`schedule: ${'x'.repeat(500)}`);
  expect(() => parse(text)).toThrow(
    expect.objectContaining({ summary: expect.not.stringContaining('x'.repeat(100)) }),
  );
});

const twoPlans = parse(
  `${makeFile()}\n  other: { source: other, database: { name: app, user: drill_reader } }`,
);

test.each([
  ['no name and one plan', parse(makeFile()), undefined, 'app'],
  ['a name and one plan', parse(makeFile()), 'app', 'app'],
  ['a name and several plans', twoPlans, 'other', 'other'],
])('%s: that plan is chosen', (_, plans, asked, name) => {
  expect(choosePlan(plans, asked, 'plans.yml')).toEqual({ name, plan: plans[name] });
});

test.each([
  ['no name and several plans', undefined, 'names no plan'],
  ['a name that no plan has', 'App', 'no plan "App"'],
  ['a name that every object has', 'constructor', 'no plan "constructor"'],
])('%s: UnknownPlan that lists the plans', (_, asked, seen) => {
  expect(() => choosePlan(twoPlans, asked, 'plans.yml')).toThrow(fails('UnknownPlan', seen, 'app, other'));
});

test('a YAML alias without its anchor: InvalidPlan, not an error of the parser', () => {
  expect(() => parse('plans: { app: *nowhere }')).toThrowError(fails('InvalidPlan', 'nowhere'));
});

test.each([
  ['a plan name', 'plans: { 1bad: {} }', 'expected a plan name of at most 40'],
  ['a table name', makeFile('checks: { overrides: { a.b.c: {} } }'), 'expected a table as schema.table'],
  ['tables', makeFile('checks: { tables: some }'), 'expected all, or a list of tables'],
  [
    'an expectation',
    makeFile('checks: { queries: [{ name: a, sql: select 1, expect: [1] }] }'),
    'expected same, or one literal',
  ],
  [
    'a source that looks like a drill',
    makeFile().replace('source: app', 'source: Drill-app'),
    'does not begin with drill-',
  ],
])('%s of the wrong form: the message says what was expected', (_what, text, expected) => {
  expect(() => parse(text)).toThrowError(fails('InvalidPlan', expected));
});
