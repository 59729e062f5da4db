import { errorCatalog } from '../../../shared/errors.ts';
import type { Message } from '../../../shared/messages/message.ts';
import { describeRecovery } from '../../../shared/messages/recovery.ts';
import { describeBadRecovery } from '../../../shared/messages/recovery-bad-end.ts';
import { adviseRecovery } from '../../../shared/recovery/advice.ts';
import type { RecoveryFailure } from '../../../shared/recovery/document.ts';
import { backtrack, makeFacts, makeSnapshotAt, mysql, now } from '../recovery/facts-fixture.ts';
import { makeOutcome, makeRecovery, makeTest, nothingMade } from '../recovery/recovery-fixture.ts';

const place = 's3://reports/shop/2026-11-19/5e6f7a8b/report.html';

export const fail = (
  phase: RecoveryFailure['phase'],
  error: keyof typeof errorCatalog,
  cause: string,
): RecoveryFailure => ({ phase, error, cause, hint: errorCatalog[error].hint });

const { cluster, resources } = makeOutcome();
const longAgo = '2026-11-01T00:00:00Z';
const unusable = cluster && {
  ...cluster,
  endpoint: null,
  readerEndpoint: null,
  isAvailable: false,
  isUsable: false,
};

/** Every message about a recovery, by the name of its snapshot. */
export const recoveryMessages: Record<string, Message> = {
  'recovery-handed-over': describeRecovery(makeRecovery(), place),
  'recovery-handed-over-writer-first': describeRecovery(
    makeRecovery({ readers: makeOutcome().readers.map((reader) => ({ ...reader, isReady: false })) }),
    place,
  ),
  'recovery-handed-over-with-a-gap': describeRecovery(
    makeRecovery({
      advice: adviseRecovery(
        makeFacts({ restoreTo: longAgo, snapshots: [makeSnapshotAt('2026-10-31T12:00:00Z')] }),
        'auto',
        now,
      ),
      restore: { kind: 'snapshot', restoreTo: longAgo, reached: '2026-10-31T12:00:00Z' },
      changes: { summary: 'not known: production could not be read: it was deleted', lines: [], found: null },
      old: { resourceId: 'cluster-SHOP', endpoint: null, stands: false },
      tests: [],
    }),
    place,
  ),
  'recovery-failed-tests': describeRecovery(
    makeRecovery({ tests: [makeTest('checkout works', 'passed'), makeTest('bad rows gone', 'failed')] }),
    place,
  ),
  'recovery-failed-half-way': describeRecovery(
    makeRecovery({
      ...nothingMade,
      cluster: unusable,
      resources: resources.slice(0, 1),
      failures: [
        fail(
          'AddWriter',
          'QuotaExceeded',
          'add instance recovered-shop-20261119025000-writer: InstanceQuotaExceededFault',
        ),
      ],
    }),
    place,
  ),
  'recovery-failed-before-anything': describeRecovery(
    makeRecovery({
      ...nothingMade,
      advice: adviseRecovery(makeFacts({ restoreTo: longAgo }), 'auto', now),
      failures: [
        fail('PrepareRecovery', 'NotRecoverable', 'shop cannot be recovered to 2026-11-01T00:00:00Z'),
      ],
    }),
    place,
  ),
  'recovery-advice': describeRecovery(
    makeRecovery({
      ...nothingMade,
      dryRun: true,
      engine: 'aurora-mysql',
      advice: adviseRecovery(makeFacts({ ...mysql, backtrack }), 'auto', now),
    }),
    place,
  ),
  'recovery-stopped': describeBadRecovery(
    {
      execution: {
        arn: 'arn:aws:states:eu-west-1:123456789012:execution:aurora-drills-prod-recover:by-hand',
        name: 'by-hand',
        status: 'ABORTED',
        input: null,
        startedAt: '2026-11-19T03:00:00Z',
        error: null,
        cause: null,
      },
      typed: {
        plan: 'shop',
        reason: 'a bad update at 02:51',
        dryRun: false,
        restoreTo: '2026-11-19T02:50:00Z',
        wish: { readers: 1 },
      },
      seen: {
        standing: {
          cluster: 'recovered-shop-20261119025000',
          instances: ['recovered-shop-20261119025000-writer'],
          restoreTo: '2026-11-19T02:50:00Z',
          costAnHour: { low: 0.55, high: 0.55, currency: 'USD' },
        },
      },
      report: null,
    },
    '2026-11-19T03:20:00Z',
  ),
};
