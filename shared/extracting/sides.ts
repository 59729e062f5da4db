import type { Sandbox, TablesRequest } from '../copying/port.ts';
import { addressOfCopy } from '../database/copy-address.ts';
import type { DatabaseAddress } from '../database/port.ts';
import { assertSandboxApart } from '../extraction/sandbox.ts';
import type { Production, Resolve } from '../job/production.ts';
import type { CopyPieces } from '../job/state.ts';
import type { StateWith } from '../job/step.ts';
import type { ExtractPieces, ExtractPreparation } from './state.ts';

/** Where the tables go, as the sandbox's user. */
export const sandboxOf = ({ id, source, sandbox, schema, restoreTo }: ExtractPreparation): Sandbox => ({
  address: {
    engine: source.engine,
    host: sandbox.host,
    port: sandbox.port,
    database: sandbox.database,
    user: sandbox.user,
  },
  schema,
  origin: { source: source.identifier, restoreTo, id },
});

/** Where they come from, as the plan's user. @throws DrillError UnreadableAnswer as `addressOfCopy` does */
export const copyOf = ({
  PrepareExtract: job,
  CheckCluster: restored,
}: StateWith<ExtractPieces, 'PrepareExtract' | keyof Pick<CopyPieces, 'CheckCluster'>>): DatabaseAddress =>
  addressOfCopy(job.target.cluster, restored, { address: job.sourceAddress, endpoint: job.source.endpoint });

/** What is asked for, in the words of the port. */
export const requestOf = ({ tables, withParents, schema }: ExtractPreparation): TablesRequest => ({
  tables: tables.map(({ table }) => table),
  where: Object.fromEntries(tables.flatMap(({ table, where }) => (where === null ? [] : [[table, where]]))),
  withParents,
  schema,
});

/** Before anybody signs in there. @throws DrillError SandboxRefused, and what `resolve` throws */
export const assertApart = async (
  { sandbox, production }: ExtractPreparation,
  resolve: Resolve,
): Promise<void> => {
  const listAt = async ({ hosts, port }: Production): Promise<string[]> =>
    (await Promise.all(hosts.map(resolve))).flat().map((address) => `${address}:${port}`);
  const addresses = await listAt({ hosts: [sandbox.host], port: sandbox.port });
  const ofProduction = (await Promise.all(production.map(listAt))).flat();
  assertSandboxApart(sandbox, { addresses, ofProduction });
};
