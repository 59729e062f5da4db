import { expect, test } from 'vitest';
import { parseReportLock, reportBucketResources } from '../../../shared/stack/report-bucket.ts';

test.each([
  ['none', null],
  [undefined, null],
  [null, null],
  [
    { mode: 'governance', days: 400 },
    { mode: 'governance', days: 400 },
  ],
  [
    { mode: 'compliance', days: 1 },
    { mode: 'compliance', days: 1 },
  ],
])('reportLock %j: taken', (seen, lock) => {
  expect(parseReportLock(seen)).toEqual(lock);
});

test.each([
  ['GOVERNANCE'],
  [{ mode: 'governance' }],
  [{ mode: 'governance', days: 0 }],
  [{ mode: 'governance', days: 1.5 }],
  [{ mode: 'legal', days: 400 }],
  [{ mode: 'governance', days: 400, years: 1 }],
])('reportLock %j: InvalidSetting that names the setting', (seen) => {
  expect(() => parseReportLock(seen)).toThrow(
    expect.objectContaining({ name: 'InvalidSetting', summary: expect.stringContaining('reportLock') }),
  );
});

const bucketOf = (lock: Parameters<typeof reportBucketResources>[0]) =>
  reportBucketResources(lock).ReportBucket as { Properties: object };

test('the bucket: versioned, encrypted, closed to the public, and kept when the stack goes', () => {
  expect(bucketOf(null)).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    },
  });
  expect(bucketOf(null).Properties).not.toHaveProperty('ObjectLockEnabled');
});

test('a lock: Object Lock with that retention for whatever is written', () => {
  expect(bucketOf({ mode: 'compliance', days: 400 }).Properties).toMatchObject({
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } } },
  });
});

test('old versions of the index go after a month, those of the posture after more than a year; reports never do', () => {
  expect(bucketOf(null).Properties).toMatchObject({
    LifecycleConfiguration: {
      Rules: [
        { Prefix: 'index.', NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
        { Prefix: 'posture.', NoncurrentVersionExpiration: { NoncurrentDays: 400 } },
      ],
    },
  });
  expect(JSON.stringify(bucketOf(null))).not.toContain('"ExpirationInDays"');
});

test('without TLS: nobody may do anything', () => {
  expect(reportBucketResources(null).ReportBucketPolicy).toMatchObject({
    Properties: {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  });
});
