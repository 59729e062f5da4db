import { modifyCluster, quote, rds } from './setting-commands.ts';

/** One thing to do: in words, with its command if there is one. */
export type Step = { words: string; command: string | null };

/** One way to lead the application to the recovered cluster, and back: no step leads back to a cluster that was deleted. */
export type SwitchVariant = { name: string; when: string; steps: Step[]; back: Step[] };

/** Everything about the switch that a person needs at 3 a.m. */
export type HowToSwitch = {
  variants: SwitchVariant[];
  /** What to look at before the old cluster is deleted. Empty if it was. */
  beforeDeletion: string[];
  /** What is as it was at the time recovered to, or names the old cluster. */
  stale: string[];
};

/** `resourceId`: of the source; null if it is not known. `stands`: false for a source that was deleted. */
export type SwitchFacts = {
  source: { identifier: string; resourceId: string | null; endpoint: string | null; stands: boolean };
  recovered: { identifier: string; endpoint: string | null };
};

/** Connections that are open when a cluster is renamed, or a name led elsewhere, stay with the servers that they were opened to. */
const stopWrites = (cluster: string): Step => ({
  words: `stop what writes, so that no more rows go to ${cluster}`,
  command: null,
});
const reconnect: Step = { words: 'restart what keeps connections open, and let it write', command: null };

const withoutWrites = (cluster: string, steps: Step[]): Step[] => [stopWrites(cluster), ...steps, reconnect];

/** The three ways to switch, with their commands. Nothing here is run by the machine. */
export const explainSwitch = ({ source, recovered }: SwitchFacts): HowToSwitch => ({
  variants: source.stands
    ? [...listVariants(source, recovered), byRenaming(source.identifier, recovered.identifier)]
    : [...listVariants(source, recovered), byNameOfDeleted(source.identifier, recovered.identifier)].map(
        (variant) => ({ ...variant, back: [] }),
      ),
  beforeDeletion: source.stands ? listBeforeDeletion(source.identifier) : [],
  stale: [
    source.resourceId === null
      ? 'IAM policies for rds-db:connect that name the resource id of the old cluster: the recovered one has another'
      : `IAM policies for rds-db:connect that name ${source.resourceId}: the recovered cluster has another resource id`,
    'users and passwords are those of the time recovered to: passwords that were changed since are the old ones again',
    'secrets whose host or dbClusterIdentifier is the old cluster; a password kept by RDS itself has no secret any more',
    'monitoring, alarms, dashboards, backup plans and plans.yml that name the old cluster',
  ],
});

const listVariants = (
  source: SwitchFacts['source'],
  recovered: SwitchFacts['recovered'],
): SwitchVariant[] => [byOwnName(source, recovered), byProxy(source.identifier, recovered.identifier)];

const listBeforeDeletion = (source: string): string[] => [
  `what was written to ${source} after the time recovered to is nowhere else: take over what you still want, see what changed`,
  'its latest snapshot and its retained backups: take a final snapshot, and keep its automated backups',
  'replication slots, subscriptions, zero-ETL integrations, Database Migration Service tasks and readers of the binlog that still lead to it',
  'whether anything still connects to it: CloudWatch, DatabaseConnections, is 0 for a day',
];

const record = (from: string, name: string): string => {
  const change = {
    Changes: [
      {
        Action: 'UPSERT',
        ResourceRecordSet: { Name: name, Type: 'CNAME', TTL: 5, ResourceRecords: [{ Value: from }] },
      },
    ],
  };
  return `aws route53 change-resource-record-sets --hosted-zone-id ZONE --change-batch ${quote(JSON.stringify(change))}`;
};

const byOwnName = (source: SwitchFacts['source'], recovered: SwitchFacts['recovered']): SwitchVariant => {
  const [to, back] = [recovered.endpoint ?? 'RECOVERED-ENDPOINT', source.endpoint ?? 'OLD-ENDPOINT'];
  return {
    name: 'your own DNS name',
    when: 'the application connects to a CNAME of yours',
    steps: withoutWrites(source.identifier, [
      { words: 'lead the name to the recovered cluster', command: record(to, 'NAME') },
    ]),
    back: withoutWrites(recovered.identifier, [
      { words: 'lead the name to the old cluster', command: record(back, 'NAME') },
    ]),
  };
};

const moveProxy = (from: string, to: string): Step[] => [
  {
    words: `take ${from} out of the proxy`,
    command: rds('deregister-db-proxy-targets', '--db-proxy-name', 'PROXY', '--db-cluster-identifiers', from),
  },
  {
    words: `put ${to} into it`,
    command: rds('register-db-proxy-targets', '--db-proxy-name', 'PROXY', '--db-cluster-identifiers', to),
  },
  {
    words: 'wait until the state of its target is AVAILABLE',
    command: rds('describe-db-proxy-targets', '--db-proxy-name', 'PROXY'),
  },
];

const byProxy = (source: string, recovered: string): SwitchVariant => ({
  name: 'RDS Proxy',
  when: 'the application connects to a proxy; its secret has to have the passwords of that time',
  steps: withoutWrites(source, moveProxy(source, recovered)),
  back: withoutWrites(recovered, moveProxy(recovered, source)),
});

const rename = (from: string, to: string): Step => ({
  words: `rename ${from} to ${to}`,
  command: modifyCluster(from, '--new-db-cluster-identifier', to),
});

/** The CLI's wait ends at once with an error as long as nothing has that name, and a rename takes a while to show. */
const waitFor = (cluster: string): Step => ({
  words: `wait until ${cluster} is available under that name`,
  command: `until ${rds('wait', 'db-cluster-available', '--db-cluster-identifier', cluster)}; do sleep 5; done`,
});

/** RDS: identifiers have at most 63 characters. */
const oldName = (source: string): string => `${source.slice(0, 63 - '-old'.length).replace(/-+$/, '')}-old`;

/** The old one first: its name is taken until then. */
const byRenaming = (source: string, recovered: string): SwitchVariant => {
  const old = oldName(source);
  return {
    name: 'two renames',
    when: 'the application connects to the endpoint of the cluster itself; plans.yml and alarms stay as they are',
    steps: withoutWrites(source, [
      rename(source, old),
      waitFor(old),
      rename(recovered, source),
      waitFor(source),
    ]),
    back: withoutWrites(source, [
      rename(source, recovered),
      waitFor(recovered),
      rename(old, source),
      waitFor(source),
    ]),
  };
};

/** The name of a deleted cluster is free. */
const byNameOfDeleted = (source: string, recovered: string): Omit<SwitchVariant, 'back'> => ({
  name: 'one rename',
  when: 'the application connects to the endpoint of the cluster itself, whose name is free since it was deleted',
  steps: [rename(recovered, source), waitFor(source)],
});
