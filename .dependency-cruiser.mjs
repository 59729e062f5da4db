/**
 * The rooms of shared/, and which other rooms each may import. Every room may import the words at the top of shared/.
 * `aws` holds the edges: only functions import it. CONTRIBUTING.md shows this table, and a test compares the two.
 */
export const mayImport = {
  aurora: [],
  database: [],
  'database/postgres': ['database'],
  'database/mysql': ['database'],
  job: ['aurora'],
  plan: ['job', 'database'],
  rows: ['database'],
  settled: ['rows', 'database'],
  truth: ['settled', 'rows', 'database', 'plan'],
  'kept-baseline': ['truth', 'rows', 'database', 'plan'],
  teardown: ['job', 'aurora'],
  result: ['job', 'teardown', 'aurora'],
  drill: ['kept-baseline', 'truth', 'plan', 'database', 'job', 'teardown', 'result'],
  report: ['drill', 'truth', 'teardown', 'result'],
  recovery: ['report', 'truth', 'rows', 'plan', 'job', 'result', 'aurora'],
  rewind: ['recovery', 'report', 'truth', 'rows', 'job', 'result', 'aurora'],
  rehearsing: ['rehearsal', 'probing', 'sql', 'teardown', 'plan', 'database', 'job', 'result', 'aurora'],
  extracting: [
    'extraction',
    'copying',
    'teardown',
    'rows',
    'truth',
    'sql',
    'plan',
    'database',
    'job',
    'result',
    'aurora',
  ],
  recovering: ['recovery', 'teardown', 'rows', 'truth', 'plan', 'database', 'job', 'result', 'aurora'],
  rewinding: [
    'rewind',
    'recovering',
    'recovery',
    'teardown',
    'rows',
    'truth',
    'plan',
    'database',
    'job',
    'result',
    'aurora',
  ],
  sql: [],
  rehearsal: ['report', 'sql', 'plan', 'database', 'job', 'result'],
  extraction: ['report', 'truth', 'rows', 'sql', 'plan', 'database', 'job', 'result', 'aurora'],
  probing: ['rehearsal', 'database'],
  'probing/postgres': ['probing', 'rehearsal', 'database', 'database/postgres'],
  'probing/mysql': ['probing', 'rehearsal', 'database', 'database/mysql'],
  copying: ['extraction', 'truth', 'rows', 'database'],
  'copying/postgres': ['copying', 'extraction', 'sql', 'database', 'database/postgres'],
  'copying/mysql': ['copying', 'extraction', 'sql', 'database', 'database/mysql'],
  posture: ['rewind', 'recovery', 'truth', 'plan', 'result', 'aurora'],
  'posture/page': ['posture', 'report', 'plan', 'result', 'aurora'],
  messages: [
    'posture',
  history: [
    'posture/page',
    'extraction',
    'rewind',
    'rehearsal',
    'recovery',
    'drill',
    'truth',
    'job',
    'teardown',
    'result',
  ],
  history: ['extraction', 'rewind', 'rehearsal', 'recovery', 'report', 'drill', 'truth', 'result', 'aurora'],
  monitors: ['messages', 'rewind', 'recovery', 'drill', 'job', 'teardown', 'result', 'aurora'],
    'report',
    'aurora',
  stack: ['plan', 'job', 'monitors'],
  aws: [
    'aurora',
    'database',
    'database/postgres',
    'database/mysql',
    'job',
    'truth',
    'recovery',
    'rewind',
    'extraction',
    'copying',
    'copying/postgres',
    'copying/mysql',
    'rehearsal',
    'rehearsing',
    'probing',
    'probing/postgres',
    'probing/mysql',
    'messages',
    'report',
    'history',
    'monitors',
  ],
};

const inRoom = (room) => `^shared/${room}/[^/]+$`;
const top = '^shared/[^/]+$';

/** What talks to the world beside the room of the edges: names of hosts, certificates, and the two engines' drivers. */
const edges = [
  '^shared/aws/',
  '^shared/database/(postgres|mysql)/',
  '^shared/probing/(postgres|mysql)/',
  '^shared/copying/(postgres|mysql)/',
  '^shared/database/(resolved-host|sign-in)\\.ts$',
];

/** The packages that reach nothing outside the process. */
const purePackages = ['croner', 'p-map', 'preact', 'preact-render-to-string', 'yaml', 'zod'];
const packagesOf = (names) => `^node_modules/(${names.join('|')})(/|$)`;

export default {
  forbidden: [
    ...Object.entries(mayImport).map(([room, others]) => ({
      name: `room-${room.replace('/', '-')}`,
      severity: 'error',
      comment: `shared/${room} imports its own files, the words at the top, and ${others.join(', ') || 'no other room'}`,
      from: { path: inRoom(room) },
      to: { path: '^(shared|functions|local)/', pathNot: [inRoom(room), top, ...others.map(inRoom)] },
    })),
    {
      name: 'known-room',
      severity: 'error',
      comment: 'a new room of shared/ has to be in the table of .dependency-cruiser.mjs',
      from: { path: '^shared/.+/', pathNot: Object.keys(mayImport).map(inRoom) },
      to: {},
    },
    {
      name: 'top-alone',
      severity: 'error',
      comment: 'the words at the top of shared/ import only each other',
      from: { path: top },
      to: { path: '^(shared|functions|local)/', pathNot: top },
    },
    {
      name: 'pure-without-sdk',
      severity: 'error',
      comment: 'only the edges know a client of AWS, a driver, or the bundle of a Lambda function',
      from: { path: '^shared/', pathNot: edges },
      to: { path: '^node_modules/', pathNot: packagesOf(purePackages) },
    },
    {
      name: 'pure-without-system',
      severity: 'error',
      comment: 'pure modules reach no file, network or process',
      from: { path: '^shared/', pathNot: edges },
      to: { dependencyTypes: ['core'], pathNot: '^(crypto|util|zlib)$' },
    },
    {
      name: 'pure-without-edge',
      severity: 'error',
      comment: 'pure modules are given what an edge does, and the clock',
      from: { path: '^shared/', pathNot: edges },
      to: { path: [...edges, '^shared/clock\\.ts$'] },
    },
    {
      name: 'tests-alone',
      severity: 'error',
      comment: 'only a test imports what stands in test/',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'found',
      severity: 'error',
      comment: 'a rule by path cannot see an import that is not found',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'functions-alone',
      severity: 'error',
      comment: 'a function imports no other function: what two of them need stands in shared/',
      from: { path: '^functions/' },
      to: { path: '^(functions|local|test|bench|config)/', pathNot: '^config/prices\\.json$' },
    },
    {
      name: 'shared-inwards',
      severity: 'error',
      comment: 'shared/ is imported, and imports nothing of what imports it',
      from: { path: '^shared/' },
      to: { path: '^(functions|local|test|bench|config)/' },
    },
    {
      name: 'no-circle',
      severity: 'error',
      comment: 'files that import each other',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Some packages have files under `exports` alone.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    // Type imports count: a room that knows another's types knows that room.
    tsPreCompilationDeps: true,
    // dependency-cruiser reads TypeScript with a compiler older than the one used here.
    parser: 'swc',
  },
};
