/** A policy as AWS evaluates it, with what this stack's policies use. Anything else throws. */
export type Statement = {
  effect: 'Allow' | 'Deny';
  /** Named by a resource policy or a trust. Policies of a role name nobody. */
  principals?: Record<string, string[]> | '*';
  actions: Patterns;
  resources: Patterns;
  conditions: Condition[];
};
type Patterns = { isExcept: boolean; patterns: string[] };
type Condition = { operator: string; key: string; values: string[] };

/** What AWS authorizes in one call: each resource, with its tags among the facts of the request. */
export type Request = {
  action: string;
  on: { arn: string; tags?: Record<string, string> }[];
  context?: Record<string, string>;
  by?: Record<string, string>;
};

/** Denied: a statement says so. Not allowed: none allows it. */
export type Decision = 'allowed' | 'denied' | 'not allowed';

const toList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/**
 * @param resolve makes a string of a CloudFormation function
 * @throws Error for anything in a policy that would otherwise be ignored
 */
export const readStatements = (document: unknown, resolve: (value: unknown) => string): Statement[] => {
  const read = (value: unknown): string[] =>
    toList(value).map((one) => {
      const text = resolve(one);
      if (text.includes('${')) throw new Error(`policy variables are not known here: ${text}`);
      return text;
    });
  const readPatterns = (statement: Record<string, unknown>, name: string): Patterns => {
    const isExcept = Object.hasOwn(statement, `Not${name}`);
    const written = statement[isExcept ? `Not${name}` : name];
    if (isExcept && Object.hasOwn(statement, name)) throw new Error(`${name} stands beside Not${name}`);
    // A trust has none: its role is the resource.
    if (written === undefined && name === 'Resource' && Object.hasOwn(statement, 'Principal')) {
      return { isExcept: false, patterns: ['*'] };
    }
    return { isExcept, patterns: read(written) };
  };
  const { Statement } = document as { Statement: unknown };
  return toList(Statement).map((one) => {
    const statement = one as Record<string, unknown>;
    const { Effect, Principal, Condition, Sid: _, ...rest } = statement;
    const strange = Object.keys(rest).filter((key) => !/^(Not)?(Action|Resource)$/.test(key));
    if (strange.length > 0) throw new Error(`not known in a statement: ${strange.join(', ')}`);
    if (Effect !== 'Allow' && Effect !== 'Deny') throw new Error(`not an effect: ${Effect}`);
    const entries = Object.entries((Condition ?? {}) as Record<string, Record<string, unknown>>);
    const conditions = entries.flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ operator, key, values: read(values) })),
    );
    for (const { operator } of conditions) findOperator(operator);
    const known: Statement = {
      effect: Effect,
      actions: readPatterns(statement, 'Action'),
      resources: readPatterns(statement, 'Resource'),
      conditions,
    };
    if (Principal === undefined) return known;
    const named = Object.entries(Principal as object).map(([kind, who]) => [kind, read(who)]);
    return { ...known, principals: Principal === '*' ? '*' : Object.fromEntries(named) };
  });
};

const globs = { s: new Map<string, RegExp>(), si: new Map<string, RegExp>() };

/** * is any characters, ? is one. */
const matchesGlob = (pattern: string, text: string, flags: 's' | 'si' = 's'): boolean => {
  let glob = globs[flags].get(pattern);
  if (glob === undefined) {
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    glob = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, flags);
    globs[flags].set(pattern, glob);
  }
  return glob.test(text);
};

/** Each of the six parts is compared alone (IAM User Guide, "Condition operators"). */
const matchesArn = (pattern: string, arn: string): boolean => {
  const [wanted, actual] = [pattern, arn].map((text) => {
    const parts = text.split(':');
    return [...parts.slice(0, 5), parts.slice(5).join(':')];
  }) as [string[], string[]];
  return wanted.every((part, index) => matchesGlob(part, actual[index] ?? ''));
};

type Operator = (wanted: string, actual: string) => boolean;
const positive: Record<string, Operator> = {
  StringEquals: (wanted, actual) => wanted === actual,
  StringLike: matchesGlob,
  // The two ARN operators are the same.
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
};

/** A key that the request lacks fails what must match, and passes what must not. */
const findOperator = (name: string): ((values: string[], actual: string | undefined) => boolean) => {
  if (name === 'Null') {
    return (values, actual) => values.some((value) => (value === 'true') === (actual === undefined));
  }
  const matches = positive[name.replace(/^StringNot/, 'String')];
  if (matches === undefined) throw new Error(`operator ${name} is not known here`);
  const isNegated = positive[name] === undefined;
  return (values, actual) =>
    (actual !== undefined && values.some((wanted) => matches(wanted, actual))) !== isNegated;
};

const matchesAny = ({ isExcept, patterns }: Patterns, text: string, flags: 's' | 'si'): boolean =>
  patterns.some((pattern) => matchesGlob(pattern, text, flags)) !== isExcept;

/** The root of an account is everybody in it. */
const isNamed = (principals: Statement['principals'], by: Record<string, string>): boolean =>
  principals === undefined ||
  principals === '*' ||
  Object.entries(by).some(([kind, who]) =>
    principals[kind]?.some(
      (one) =>
        one === who || one === '*' || (one.endsWith(':root') && who.startsWith(one.slice(0, -'root'.length))),
    ),
  );

/** AWS ignores the case of keys. */
const factsOf = (
  { context = {}, by = {} }: Request,
  tags: Record<string, string> = {},
): Map<string, string> => {
  const facts = [
    ...Object.entries(context),
    ...Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value] as const),
    ...(by.AWS === undefined ? [] : [['aws:PrincipalArn', by.AWS] as const]),
  ];
  return new Map(facts.map(([key, value]) => [key.toLowerCase(), value]));
};

export const isAbout = ({ actions }: Statement, action: string): boolean => matchesAny(actions, action, 'si');

/** Allowed when it is allowed on each of its resources, denied when it is denied on one. */
export const decide = (statements: readonly Statement[], request: Request): Decision => {
  if (request.on.length === 0) throw new Error(`${request.action} is asked for on nothing`);
  const about = statements.filter(
    (one) => isAbout(one, request.action) && isNamed(one.principals, request.by ?? {}),
  );
  if (about.length === 0) return 'not allowed';
  const decisions = request.on.map(({ arn, tags }): Decision => {
    const named = about.filter(({ resources }) => matchesAny(resources, arn, 's'));
    if (named.length === 0) return 'not allowed';
    const facts = factsOf(request, tags);
    const effects = named
      .filter(({ conditions }) =>
        conditions.every(({ operator, key, values }) =>
          findOperator(operator)(values, facts.get(key.toLowerCase())),
        ),
      )
      .map(({ effect }) => effect);
    if (effects.includes('Deny')) return 'denied';
    return effects.includes('Allow') ? 'allowed' : 'not allowed';
  });
  if (decisions.includes('denied')) return 'denied';
  return decisions.every((decision) => decision === 'allowed') ? 'allowed' : 'not allowed';
};
