/**
 * Gives a port these verbs and no others: a bundle then holds only the calls that its function makes, so that what a
 * role has to allow can be read off it.
 */
export const connectVerbs = <Client, Verbs extends Record<string, (client: Client) => unknown>>(
  verbs: Verbs,
  client: Client,
): { [Name in keyof Verbs]: ReturnType<Verbs[Name]> } =>
  Object.fromEntries(Object.entries(verbs).map(([name, verb]) => [name, verb(client)])) as {
    [Name in keyof Verbs]: ReturnType<Verbs[Name]>;
  };
