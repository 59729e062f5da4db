import type { Cluster } from '../aurora/port.ts';
import { classifyClusterStatus } from '../aurora/statuses.ts';
import { DrillError, isDrillError } from '../errors.ts';
import type { Sandbox } from '../plan/sandboxes.ts';

/** What must hold of a sandbox. It is never production, by whatever name, and nothing that is there is overwritten. */

export type NamedSandbox = Sandbox & { name: string };

type Described = Pick<
  Cluster,
  'identifier' | 'resourceId' | 'engine' | 'engineVersion' | 'status' | 'endpoint' | 'readerEndpoint' | 'port'
>;

/**
 * Judges the cluster of a sandbox, as RDS describes it, before anything is restored.
 * @param found undefined: RDS knows none of its name
 * @param sources of every plan, the source of this one among them
 * @throws DrillError SandboxRefused that names every reason
 */
export const assertSandboxCluster = <Found extends Described>(
  sandbox: NamedSandbox,
  found: Found | undefined,
  source: Described,
  sources: readonly Described[],
): Found => {
  if (found === undefined)
    throw refuse(sandbox, [`there is no cluster ${sandbox.cluster} in this account and Region`]);
  const { readiness, reason } = classifyClusterStatus(found.status);
  const isSame = found.resourceId === sandbox.resourceId;
  const isOlder = found.engine === source.engine && compareVersions(found, source) < 0;
  const reasons = [
    ...[source, ...sources].flatMap((one) => findIdentity(found, one) ?? []).slice(0, 1),
    ...(isSame ? [] : [`its resource id is ${found.resourceId}, expected ${sandbox.resourceId}`]),
    ...(found.engine === source.engine ? [] : [`it runs ${found.engine}, expected ${source.engine}`]),
    ...(isOlder ? [`it has version ${found.engineVersion}, expected ${source.engineVersion} or later`] : []),
    ...(readiness === 'ready' ? [] : [`expected it to be available: ${reason}`]),
  ];
  if (reasons.length > 0) throw refuse(sandbox, reasons);
  return found;
};

/** Why two clusters are one; null if nothing says so. */
const findIdentity = (found: Described, source: Described): string | null => {
  const same = (one: string | null, other: string | null): boolean =>
    one !== null && other !== null && one.toLowerCase() === other.toLowerCase();
  if (same(found.identifier, source.identifier)) return `it is ${source.identifier}, the source of a plan`;
  if (same(found.resourceId, source.resourceId))
    return `it has the resource id of ${source.identifier}, the source of a plan`;
  const shared = [found.endpoint, found.readerEndpoint].find(
    (host) => same(host, source.endpoint) || same(host, source.readerEndpoint),
  );
  return shared === undefined || found.port !== source.port
    ? null
    : `its endpoint ${shared} is one of ${source.identifier}, the source of a plan`;
};

/** "16.4", or "8.0.mysql_aurora.3.08.0": the numbers in order. */
const compareVersions = (one: Described, other: Described): number => {
  const [a, b] = [one, other].map(({ engineVersion }) => engineVersion.match(/\d+/g)?.map(Number) ?? []);
  const length = Math.max(a?.length ?? 0, b?.length ?? 0);
  for (let index = 0; index < length; index += 1) {
    const order = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
};

/**
 * Judges where the sandbox is, before anybody signs in there.
 * @param addresses that its name resolves to, with their port, and those that production's names do
 * @throws DrillError SandboxRefused
 */
export const assertSandboxApart = (
  sandbox: NamedSandbox,
  { addresses, ofProduction }: { addresses: readonly string[]; ofProduction: readonly string[] },
): void => {
  if (addresses.length === 0) throw refuse(sandbox, ['its name has no address']);
  const shared = addresses.find((address) => ofProduction.includes(address));
  if (shared !== undefined) throw refuse(sandbox, [`its address ${shared} is production's`]);
};

/** What the sandbox's own server says, once its user has signed in. */
export type SandboxServer = {
  isReadOnly: boolean;
  mayCreateSchema: boolean;
  /** Is there a schema of the name that this extract is to make? */
  hasSchema: boolean;
};

/**
 * Judges the sandbox's server before anything is restored. What makes the schema looks again.
 * @param schema to be made
 * @throws DrillError SandboxRefused that names every reason
 */
export const assertSandboxServer = (sandbox: NamedSandbox, server: SandboxServer, schema: string): void => {
  const { isReadOnly, mayCreateSchema, hasSchema } = server;
  const reasons = [
    ...(isReadOnly ? ['its server only reads'] : []),
    ...(mayCreateSchema
      ? []
      : [`user ${sandbox.user} may not create a schema in database ${sandbox.database}`]),
    ...(hasSchema ? [`it has a schema ${schema} already, and nothing is overwritten`] : []),
  ];
  if (reasons.length > 0) throw refuse(sandbox, reasons);
};

/** @throws DrillError SandboxRefused for a user that is not let in, and else what `inspect` throws */
export const inspectAs = async (
  sandbox: NamedSandbox,
  inspect: () => Promise<SandboxServer>,
): Promise<SandboxServer> => {
  try {
    return await inspect();
  } catch (error) {
    if (!isDrillError(error, 'DatabaseDenied')) throw error;
    throw refuse(sandbox, [`user ${sandbox.user} is not let in: ${error.summary}`]);
  }
};

const refuse = ({ name, cluster }: NamedSandbox, reasons: string[]): DrillError =>
  new DrillError('SandboxRefused', `sandbox ${name}, cluster ${cluster}: ${reasons.join('; ')}`);
