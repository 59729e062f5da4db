import type { Cluster, Instance } from '../aurora/port.ts';

/** Every name that leads to production, and the port it answers on. */
export type Production = { hosts: string[]; port: number };

export const describeProduction = (source: Cluster, instances: readonly Instance[]): Production => ({
  hosts: [
    source.endpoint,
    source.readerEndpoint,
    ...(source.settings?.customEndpoints ?? []),
    ...instances.map(({ endpoint }) => endpoint),
  ].filter((host) => typeof host === 'string'),
  port: source.port,
});

/** Every address of a name; none for a name that there is not. DatabaseUnreachable when nobody knows. */
export type Resolve = (host: string) => Promise<string[]>;
