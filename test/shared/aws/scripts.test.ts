import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { readScript, s3Reports } from '../../../shared/aws/reports.ts';
import { awsError } from './aws-error.ts';

const s3 = mockClient(S3Client);
const scripts = s3Reports({ read: readScript }, new S3Client({ region: 'eu-west-1' }));
const script = { bucket: 'drill-reports', key: 'changes/users.sql', versionId: 'v1', sha256: '' };
const bytes = new TextEncoder().encode('select 1');

beforeEach(() => {
  s3.reset();
  vi.stubEnv('REPORT_BUCKET', 'drill-reports');
});
afterAll(() => vi.unstubAllEnvs());

test('a script: the version that was named, as it is', async () => {
  const body = { transformToByteArray: async () => bytes } as never;
  s3.on(GetObjectCommand).resolves({ Body: body, ContentLength: bytes.length });
  expect(await scripts.read(script)).toEqual(bytes);
  expect(s3.calls().map(({ args }) => args[0].input)).toEqual([
    { Bucket: 'drill-reports', Key: 'changes/users.sql', VersionId: 'v1' },
  ]);
});

test.each([
  ['another bucket', { bucket: 'somebody-elses' }],
  ['a report', { key: 'index.json' }],
])('%s: refused, and nothing is sent', async (_, place) => {
  await expect(scripts.read({ ...script, ...place })).rejects.toMatchObject({ name: 'ScriptNotRead' });
  expect(s3.calls()).toEqual([]);
});

test('one that is too large: refused with the limit, and not read', async () => {
  const body = { transformToByteArray: () => Promise.reject(new Error('nobody should read this')) } as never;
  s3.on(GetObjectCommand).resolves({ Body: body, ContentLength: 5_000_000_000 });
  await expect(scripts.read(script)).rejects.toMatchObject({
    name: 'ChangeRefused',
    summary: expect.stringContaining('5000000000 bytes, expected 262144 bytes at most'),
  });
});

test.each([
  ['NoSuchVersion', 'ScriptNotRead'],
  ['NoSuchKey', 'ScriptNotRead'],
  ['AccessDenied', 'ScriptNotRead'],
  ['TooManyRequestsException', 'Throttled'],
])('%s: %s, with the action and the object', async (awsName, name) => {
  s3.rejects(awsError(awsName, {}));
  await expect(scripts.read(script)).rejects.toMatchObject({
    name,
    summary: `s3:GetObjectVersion s3://drill-reports/changes/users.sql: ${awsName}: said so`,
  });
});
