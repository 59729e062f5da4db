import {
  DescribeAccountAttributesCommand,
  paginateDescribeDBClusterAutomatedBackups,
  type RDSClient,
} from '@aws-sdk/client-rds';
import type { Aurora, RetainedBackup } from '../aurora/port.ts';
import { asking } from './errors.ts';
import { toQuotasLeft, toRetainedBackups } from './rds-recovery-answers.ts';
import { clusterFilter, pageSize } from './rds-requests.ts';

/** The verbs that only a recovery needs. */

export const readQuotas =
  (client: RDSClient): Aurora['readQuotas'] =>
  () =>
    asking("read the account's quotas", async () => {
      const { AccountQuotas = [] } = await client.send(new DescribeAccountAttributesCommand({}));
      return toQuotasLeft(AccountQuotas);
    });

export const listRetainedBackups =
  (client: RDSClient): Aurora['listRetainedBackups'] =>
  (identifier) =>
    asking(`list the retained backups of ${identifier}`, async () => {
      const backups: RetainedBackup[] = [];
      // By the filter: DBClusterIdentifier itself has to be of a cluster that exists (API).
      const request = { Filters: [clusterFilter([identifier]), { Name: 'status', Values: ['retained'] }] };
      for await (const page of paginateDescribeDBClusterAutomatedBackups({ client, pageSize }, request)) {
        backups.push(...(page.DBClusterAutomatedBackups ?? []).flatMap(toRetainedBackups));
      }
      return backups;
    });
