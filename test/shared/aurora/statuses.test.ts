import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  classifyClusterStatus,
  classifyInstanceStatus,
  classifySnapshotStatus,
} from '../../../shared/aurora/statuses.ts';

/** Aurora User Guide, "Viewing DB cluster status" and "Viewing DB instance status". */
test.each([
  ['ready', 'available'],
  ['pending', 'creating starting modifying renaming rebooting maintenance upgrading backing-up backtracking'],
  ['pending', 'migrating preparing-data-migration resetting-master-credentials storage-optimization'],
  ['pending', 'update-iam-db-auth failing-over promoting stopping'],
  [
    'pending',
    'configuring-iam-database-auth configuring-enhanced-monitoring scaling-compute scaling-storage',
  ],
  [
    'failed',
    'failed cloning-failed migration-failed upgrade_failed incompatible-restore incompatible-parameters',
  ],
  ['failed', 'inaccessible-encryption-credentials inaccessible-encryption-credentials-recoverable'],
  ['failed', 'stopped deleting deleted'],
])('cluster %s: %s', (readiness, statuses) => {
  for (const status of statuses.split(' ')) {
    expect(classifyClusterStatus(status)).toMatchObject({ readiness, reason: `the cluster is ${status}` });
  }
});

test.each([
  ['ready', 'available'],
  [
    'pending',
    'creating starting stopping modifying renaming rebooting maintenance backing-up delete-precheck',
  ],
  ['pending', 'configuring-enhanced-monitoring configuring-iam-database-auth configuring-log-exports'],
  ['pending', 'resetting-master-credentials storage-config-upgrade storage-optimization'],
  ['pending', 'upgrading backtracking'],
  ['failed', 'failed restore-error insufficient-capacity deleting'],
  ['failed', 'incompatible-create incompatible-network incompatible-option-group incompatible-parameters'],
  ['failed', 'incompatible-restore inaccessible-encryption-credentials'],
  ['failed', 'inaccessible-encryption-credentials-recoverable'],
])('instance %s: %s', (readiness, statuses) => {
  for (const status of statuses.split(' ')) {
    expect(classifyInstanceStatus(status)).toMatchObject({ readiness, reason: `the instance is ${status}` });
  }
});

/** The waiters of the RDS service model. */
test.each([
  ['ready', 'available'],
  ['pending', 'creating copying'],
  ['failed', 'failed deleting deleted incompatible-restore incompatible-parameters'],
])('snapshot %s: %s', (readiness, statuses) => {
  for (const status of statuses.split(' ')) {
    expect(classifySnapshotStatus(status)).toMatchObject({ readiness, reason: `the snapshot is ${status}` });
  }
});

test.each(['', 'Available', 'available ', 'reticulating', 'constructor', 'configuring', 'not-available'])(
  'status %j, which is on no list: pending, and the reason says that it is unknown',
  (status) => {
    for (const sort of [classifyClusterStatus, classifyInstanceStatus, classifySnapshotStatus]) {
      const { readiness, reason, trouble } = sort(status);
      expect([readiness, trouble]).toEqual(['pending', 'unknown']);
      expect(reason).toContain(`"${status}", which is unknown to this tool`);
    }
  },
);

test.each(['inaccessible-encryption-credentials', 'inaccessible-encryption-credentials-recoverable'])(
  '%s: failed because of the key, for clusters and instances',
  (status) => {
    for (const sort of [classifyClusterStatus, classifyInstanceStatus]) {
      expect(sort(status)).toMatchObject({ readiness: 'failed', trouble: 'key' });
    }
  },
);

test('any status but available: never ready', () => {
  const words = fc.oneof(
    fc.string(),
    fc.string().map((rest) => `available${rest}x`),
  );
  fc.assert(
    fc.property(words, (status) => {
      fc.pre(status !== 'available');
      expect(classifyClusterStatus(status).readiness).not.toBe('ready');
      expect(classifyInstanceStatus(status).readiness).not.toBe('ready');
    }),
  );
});
