import {
  BacktrackDBClusterCommand,
  type BlueGreenDeployment,
  type DBClusterBacktrack,
  type Event,
  paginateDescribeBlueGreenDeployments,
  paginateDescribeDBClusterBacktracks,
  paginateDescribeEvents,
  type RDSClient,
} from '@aws-sdk/client-rds';
import type { Backtracking, BlueGreen, ClusterEvent } from '../aurora/backtracks.ts';
import type { Aurora } from '../aurora/port.ts';
import { DrillError } from '../errors.ts';
import { asking, fromAwsError } from './errors.ts';
import { present, toInstant } from './rds-answers.ts';
import { pageSize } from './rds-requests.ts';

/** The verbs of Backtrack. A file of its own, so that a bundle that may not rewind does not hold the verb. */

export const listBacktracks =
  (client: RDSClient): Aurora['listBacktracks'] =>
  (identifier) =>
    asking(`list the rewinds of ${identifier}`, async () => {
      const found: Backtracking[] = [];
      const request = { DBClusterIdentifier: identifier };
      for await (const page of paginateDescribeDBClusterBacktracks({ client, pageSize }, request)) {
        found.push(...(page.DBClusterBacktracks ?? []).map(toBacktracking));
      }
      return found;
    });

export const listClusterEvents =
  (client: RDSClient): Aurora['listClusterEvents'] =>
  ({ cluster, from, to }) =>
    asking(`list the events of ${cluster}`, async () => {
      const events: ClusterEvent[] = [];
      const request = {
        SourceType: 'db-cluster',
        SourceIdentifier: cluster,
        StartTime: new Date(from),
        EndTime: new Date(to),
      } as const;
      for await (const page of paginateDescribeEvents({ client, pageSize }, request)) {
        events.push(...(page.Events ?? []).flatMap(toClusterEvents));
      }
      return events;
    });

export const listBlueGreens =
  (client: RDSClient): Aurora['listBlueGreens'] =>
  () =>
    asking('list the Blue/Green deployments', async () => {
      const found: BlueGreen[] = [];
      for await (const page of paginateDescribeBlueGreenDeployments({ client, pageSize }, {})) {
        found.push(...(page.BlueGreenDeployments ?? []).map(toBlueGreen));
      }
      return found;
    });

/** Never Force, which rewinds under the consumers of a binary log, and never UseEarliestTimeOnPointInTimeUnavailable. */
export const backtrackCluster =
  (client: RDSClient): Aurora['backtrackCluster'] =>
  async ({ cluster, to }) => {
    const operation = `rewind ${cluster} to ${to}`;
    try {
      const request = { DBClusterIdentifier: cluster, BacktrackTo: new Date(to) };
      return toBacktracking(await client.send(new BacktrackDBClusterCommand(request)));
    } catch (error) {
      throw toRefusal(fromAwsError(operation, error));
    }
  };

/** A time that it cannot reach and a binary log have errors that no model names (API, BacktrackDBCluster). */
const toRefusal = (error: DrillError): DrillError => {
  const { $metadata } = (error.cause ?? {}) as { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  return error.name === 'AwsFailure' && status >= 400 && status < 500
    ? new DrillError('RequestRefused', error.summary, { cause: error.cause })
    : error;
};

const toBacktracking = (backtrack: DBClusterBacktrack): Backtracking => ({
  identifier: present(backtrack.BacktrackIdentifier, 'BacktrackIdentifier'),
  to: presentInstant(backtrack.BacktrackTo, 'BacktrackTo'),
  from: toInstant(backtrack.BacktrackedFrom),
  requestedAt: presentInstant(backtrack.BacktrackRequestCreationTime, 'BacktrackRequestCreationTime'),
  status: present(backtrack.Status, 'Status').toLowerCase(),
});

const presentInstant = (date: Date | undefined, member: string): string =>
  present(toInstant(date) ?? undefined, member);

/** None for an event that does not say what happened, or when. */
const toClusterEvents = ({ Date: date, Message: message }: Event): ClusterEvent[] => {
  const at = toInstant(date);
  return at === null || message === undefined ? [] : [{ at, message }];
};

/** An ARN of a cluster ends in its identifier; one of an instance is of no interest here. */
const toBlueGreen = ({
  BlueGreenDeploymentIdentifier,
  Source,
  Target,
  Status,
}: BlueGreenDeployment): BlueGreen => ({
  identifier: BlueGreenDeploymentIdentifier ?? 'unknown',
  source: readCluster(Source),
  target: readCluster(Target),
  status: Status ?? 'unknown',
});

const readCluster = (arn: string | undefined): string | null =>
  /:cluster:([^:]+)$/.exec(arn ?? '')?.[1] ?? null;
