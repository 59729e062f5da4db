import type {
  CreateDBClusterSnapshotMessage,
  CreateDBInstanceMessage,
  RestoreDBClusterFromSnapshotMessage,
  RestoreDBClusterToPointInTimeMessage,
  Tag,
} from '@aws-sdk/client-rds';
import type { CopyRequest, SnapshotRequest, WriterRequest } from '../aurora/port.ts';
import { toKeptInput } from './rds-settings.ts';

/** RDS's largest. */
export const pageSize = 100;

/** The same API also describes Neptune, DocumentDB and Multi-AZ clusters of RDS. */
export const auroraEngines = { Name: 'engine', Values: ['aurora-mysql', 'aurora-postgresql'] };

export const clusterFilter = (identifiers: readonly string[]) => ({
  Name: 'db-cluster-id',
  Values: [...identifiers],
});

/** A copy of the source as it was or is, in the words of RDS. */
export const toRestoreInput = (
  request: CopyRequest<'point-in-time' | 'clone'>,
): RestoreDBClusterToPointInTimeMessage => ({
  ...toSource(request),
  ...(request.kind === 'clone'
    ? // RestoreToTime is refused with copy-on-write (API).
      { RestoreType: 'copy-on-write', UseLatestRestorableTime: true }
    : { RestoreToTime: new Date(request.restoreTo) }),
  ...toSettings(request),
});

/** RDS finds the retained backups of a deleted cluster by its resource id alone (API). */
const toSource = (
  request: CopyRequest<'point-in-time' | 'clone'>,
): Pick<RestoreDBClusterToPointInTimeMessage, 'SourceDBClusterIdentifier' | 'SourceDbClusterResourceId'> =>
  request.kind === 'point-in-time' && request.resourceId
    ? { SourceDbClusterResourceId: request.resourceId }
    : { SourceDBClusterIdentifier: request.source };

/** A copy of a snapshot: the same settings, by another action. */
export const toSnapshotInput = (request: CopyRequest<'snapshot'>): RestoreDBClusterFromSnapshotMessage => ({
  SnapshotIdentifier: request.snapshot,
  Engine: request.engine,
  // The default is the Region's default version (API).
  EngineVersion: request.engineVersion,
  ...toSettings(request),
});

const toSettings = (request: CopyRequest) => {
  const { capacity, inherited } = request;
  return {
    DBClusterIdentifier: request.target,
    Port: request.port,
    DBSubnetGroupName: request.subnetGroup ?? undefined,
    VpcSecurityGroupIds: request.securityGroups,
    DBClusterParameterGroupName: request.parameterGroup ?? undefined,
    ...toKeptInput(request),
    ...(capacity && {
      ServerlessV2ScalingConfiguration: {
        MinCapacity: capacity.min,
        MaxCapacity: capacity.max,
        ...(capacity.autoPauseSeconds !== undefined && {
          SecondsUntilAutoPause: capacity.autoPauseSeconds,
        }),
      },
    }),
    // Omitted, the copy of an I/O-Optimized cluster would be Standard, and one in no Extended Support would pay for it (API).
    StorageType: inherited?.storageType ?? undefined,
    EngineLifecycleSupport: inherited?.lifecycleSupport ?? undefined,
    NetworkType: inherited?.networkType ?? undefined,
    // By default Aurora copies the source's tags, and the copy would look like production (aurora-pitr).
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
  PromotionTier: request.promotionTier ?? undefined,
  Tags: toTags(request.tags),
});

export const toTakeInput = (request: SnapshotRequest): CreateDBClusterSnapshotMessage => ({
  DBClusterIdentifier: request.cluster,
  DBClusterSnapshotIdentifier: request.identifier,
  Tags: toTags(request.tags),
});

const toTags = (tags: Record<string, string>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
