/** Gives a port only these verbs, so that a bundle holds just the calls that the function's role must allow. */
export const connectVerbs = <Client, Verbs extends Record<string, (client: Client) => unknown>>(
  verbs: Verbs,
  client: Client,
): { [Name in keyof Verbs]: ReturnType<Verbs[Name]> } =>
  Object.fromEntries(Object.entries(verbs).map(([name, verb]) => [name, verb(client)])) as {
    [Name in keyof Verbs]: ReturnType<Verbs[Name]>;
  };
