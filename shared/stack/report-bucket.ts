import * as z from 'zod';
import { DrillError } from '../errors.ts';
import { listProblems } from '../problems.ts';

const lock = z.union(
  [
    z.literal('none'),
    z.strictObject({ mode: z.enum(['governance', 'compliance']), days: z.int().min(1).max(36_500) }),
  ],
  'expected none, or a mode (governance or compliance) and days',
);

/** How long nobody can delete or overwrite a report. Null: no lock. */
export type ReportLock = { mode: 'governance' | 'compliance'; days: number } | null;

/** Reads `reportLock` of config/deployment.yml, null when missing or none. @throws DrillError InvalidSetting */
export const parseReportLock = (seen: unknown): ReportLock => {
  if (seen === undefined || seen === null) return null;
  const parsed = lock.safeParse(seen);
  if (parsed.success) return parsed.data === 'none' ? null : parsed.data;
  throw new DrillError('InvalidSetting', `reportLock is wrong:\n${listProblems(parsed.error, seen)}`);
};

/**
 * CloudFormation resources: the bucket that reports are filed in. It outlives the stack: evidence must not go with the
 * tool that made it.
 */
export const reportBucketResources = (reportLock: ReportLock): Record<string, object> => ({
  ReportBucket: {
    Type: 'AWS::S3::Bucket',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      // Each drill rewrites the index, and nobody needs last month's version.
      LifecycleConfiguration: {
        Rules: [
          {
            Id: 'OldVersionsOfTheIndex',
            Status: 'Enabled',
            Prefix: 'index.',
            NoncurrentVersionExpiration: { NoncurrentDays: 30 },
          },
          // One a day. An audit asks how it was within the last year.
          {
            Id: 'OldVersionsOfThePosture',
            Status: 'Enabled',
            Prefix: 'posture.',
            NoncurrentVersionExpiration: { NoncurrentDays: 400 },
          },
        ],
      },
      ...(reportLock !== null && {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: reportLock.mode.toUpperCase(), Days: reportLock.days } },
        },
      }),
    },
  },
  ReportBucketPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'ReportBucket' },
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [{ 'Fn::GetAtt': ['ReportBucket', 'Arn'] }, { 'Fn::Sub': '${ReportBucket.Arn}/*' }],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  },
});
