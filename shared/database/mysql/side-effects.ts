import type { SideEffects } from '../port.ts';
import { foundNames, joinSideEffects, unlessRefused, unseenBecause } from '../side-effects.ts';
import { type RightRow, readRights, rightsSql } from './definitions-grants.ts';
import { asText } from './definitions-part.ts';
import { isUserSchema } from './names.ts';
import type { Flavour, MysqlSession } from './session.ts';

type Ask = <Answer>(what: string, question: (session: MysqlSession) => Promise<Answer>) => Promise<Answer>;

const what = 'look for what would act in a copy';

const eventsSql = `
  select concat(${asText('event_schema')}, '.', ${asText('event_name')}) as name
    from information_schema.events where status = 'ENABLED' and ${isUserSchema('event_schema')} order by 1`;

const channelsSql: Record<Flavour, string> = {
  mysql: 'show replica status',
  mariadb: 'show all slaves status',
};

/** Two names of each column: MySQL's, MariaDB's. */
type Channel = {
  Channel_Name?: string;
  Connection_name?: string;
  Source_Host?: string;
  Master_Host?: string;
};

/** A channel that was set up starts with its server, also if it was stopped (MySQL manual, skip_replica_start). */
const nameChannel = (channel: Channel): string =>
  `${channel.Channel_Name || channel.Connection_name || 'default'} from ${channel.Source_Host ?? channel.Master_Host}`;

export const listMysqlSideEffects = async (ask: Ask): Promise<SideEffects> =>
  joinSideEffects([
    await unlessRefused('event', () => ask(what, listEvents)),
    await unlessRefused('replication channel', () => ask(what, listChannels), 'REPLICATION CLIENT'),
  ]);

/** Events of a database where the user lacks EVENT have no row. */
const listEvents = async ({ query }: MysqlSession): Promise<SideEffects> => {
  const { hidden } = readRights(await query<RightRow>(what, rightsSql));
  const lacking = hidden.filter(({ kind }) => kind === 'events');
  return joinSideEffects([
    foundNames(
      'event',
      (await query<{ name: string }>(what, eventsSql)).map(({ name }) => name),
    ),
    ...lacking.map(({ needs }) => unseenBecause('event', `the user lacks ${needs}`)),
  ]);
};

/** Only the writer of an Aurora cluster replicates. A reader is known by innodb_read_only. */
const listChannels = async ({ query, flavour }: MysqlSession): Promise<SideEffects> => {
  const channels = await query<Channel>(what, channelsSql[flavour]);
  if (channels.length > 0) return foundNames('replication channel', channels.map(nameChannel));
  const [server] = await query<{ isReader: string | number }>(what, 'select @@innodb_read_only as isReader');
  const isReader = Number(server?.isReader ?? 0) === 1;
  return isReader
    ? unseenBecause('replication channel', 'only the writer shows them')
    : foundNames('replication channel', []);
};
