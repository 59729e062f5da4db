import type { CreateDBInstanceMessage, RestoreDBClusterToPointInTimeMessage, Tag } from '@aws-sdk/client-rds';
import type { RestoreRequest, WriterRequest } from './port.ts';

/** What a drill asks for, in the words of RDS. */
export const toRestoreInput = (request: RestoreRequest): RestoreDBClusterToPointInTimeMessage => {
  const { capacity } = request;
  return {
    SourceDBClusterIdentifier: request.source,
    DBClusterIdentifier: request.target,
    RestoreToTime: new Date(request.restoreTo),
    Port: request.port,
    DBSubnetGroupName: request.subnetGroup ?? undefined,
    VpcSecurityGroupIds: request.securityGroups,
    DBClusterParameterGroupName: request.parameterGroup ?? undefined,
    // Two pages of AWS disagree on the default, and without it the reader cannot sign in.
    EnableIAMDatabaseAuthentication: true,
    DeletionProtection: false,
    // Inherited from the source otherwise; a copy that lives an hour needs the least there is.
    BackupRetentionPeriod: 1,
    ...(capacity && {
      ServerlessV2ScalingConfiguration: { MinCapacity: capacity.min, MaxCapacity: capacity.max },
    }),
    // Left out, Aurora would copy the source's tags, and the copy would look like production (aurora-pitr).
    Tags: toTags(request.tags),
  };
};

export const toInstanceInput = (request: WriterRequest): CreateDBInstanceMessage => ({
  DBClusterIdentifier: request.cluster,
  DBInstanceIdentifier: request.identifier,
  Engine: request.engine,
  DBInstanceClass: request.instanceClass,
  DBParameterGroupName: request.parameterGroup ?? undefined,
  PubliclyAccessible: false,
  Tags: toTags(request.tags),
});

const toTags = (tags: Record<string, string>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
