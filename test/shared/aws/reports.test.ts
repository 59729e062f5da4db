import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as verbs from '../../../shared/aws/reports.ts';
import { awsError } from './aws-error.ts';

const s3 = mockClient(S3Client);
const { s3Reports, write, read, findVersion, replace } = verbs;
const reports = s3Reports({ write, read, findVersion, replace }, new S3Client({ region: 'eu-west-1' }));

beforeEach(() => {
  s3.reset();
  vi.stubEnv('REPORT_BUCKET', 'drill-reports');
});
afterAll(() => vi.unstubAllEnvs());

const requests = () => s3.calls().map(({ args }) => args[0].input);
const body = (text: string) => ({ transformToString: async () => text }) as never;
const object = { Bucket: 'drill-reports', Key: 'index.json' };

/** AWS's name of each error is on the left. */
const errors = [
  ['SlowDown', 'AwsUnavailable', { $metadata: { httpStatusCode: 503 } }],
  ['InternalError', 'AwsUnavailable', {}],
  ['TooManyRequestsException', 'Throttled', {}],
  ['AccessDenied', 'ReportNotFiled', {}],
  ['NoSuchBucket', 'ReportNotFiled', { $metadata: { httpStatusCode: 404 } }],
  ['SomethingNew', 'ReportNotFiled', {}],
] as const;

const calls = [
  ['write', 's3:PutObject', () => reports.write('index.json', '{}')],
  ['read', 's3:GetObject', () => reports.read('index.json')],
  ['find a version', 's3:GetObject', () => reports.findVersion('index.json')],
  ['replace', 's3:PutObject', () => reports.replace('index.json', '{}', null)],
] as const;

describe.each(calls)('%s', (_, action, call) => {
  test.each(errors)(`%s: fails as %s, naming ${action} and the object`, async (awsName, name, facts) => {
    s3.rejects(awsError(awsName, facts));
    const summary = `${action} s3://drill-reports/index.json: ${awsName}: said so`;
    await expect(call()).rejects.toMatchObject({ name, summary });
  });

  test('without a bucket in the environment: fails as SettingMissing, and nothing is sent', async () => {
    vi.stubEnv('REPORT_BUCKET', '');
    await expect(call()).rejects.toMatchObject({ name: 'SettingMissing' });
    expect(requests()).toEqual([]);
  });
});

test.each([
  ['shop/2026-11-19/1a2b3c4d/report.html', 'text/html; charset=utf-8'],
  ['shop/2026-11-19/1a2b3c4d/result.json', 'application/json'],
])('write %s: put as %s, without a condition', async (Key, ContentType) => {
  s3.on(PutObjectCommand).resolves({ ETag: '"e1"' });
  await reports.write(Key, 'text');
  expect(requests()).toEqual([{ Bucket: 'drill-reports', Key, Body: 'text', ContentType }]);
});

describe('read', () => {
  test('an object: its text, and its ETag as the version', async () => {
    s3.on(GetObjectCommand).resolves({ Body: body('{"a": "ü"}'), ETag: '"e1"' });
    expect(await reports.read('index.json')).toEqual({ text: '{"a": "ü"}', version: '"e1"' });
    expect(requests()).toEqual([object]);
  });

  test('no such object: null', async () => {
    s3.on(GetObjectCommand).rejects(awsError('NoSuchKey', { $metadata: { httpStatusCode: 404 } }));
    expect(await reports.read('index.json')).toBeNull();
  });

  test('the connection breaks while the text comes: fails as AwsUnavailable', async () => {
    const transformToString = () => Promise.reject(awsError('Error', { code: 'ECONNRESET' }));
    s3.on(GetObjectCommand).resolves({ Body: { transformToString } as never, ETag: '"e1"' });
    await expect(reports.read('index.json')).rejects.toMatchObject({ name: 'AwsUnavailable' });
  });

  test.each([
    ['body', { ETag: '"e1"' }],
    ['ETag', { Body: body('{}') }],
  ])('an answer without %s: fails, since nothing could be replaced safely', async (missing, answer) => {
    s3.on(GetObjectCommand).resolves(answer);
    const summary = `s3:GetObject s3://drill-reports/index.json: the answer has no ${missing}`;
    await expect(reports.read('index.json')).rejects.toMatchObject({ name: 'ReportNotFiled', summary });
  });
});

describe('find a version', () => {
  test('an object: its ETag, without its text', async () => {
    s3.on(HeadObjectCommand).resolves({ ETag: '"e1"' });
    expect(await reports.findVersion('index.json')).toBe('"e1"');
    expect(requests()).toEqual([object]);
  });

  test('no such object: null', async () => {
    s3.on(HeadObjectCommand).rejects(awsError('NotFound', { $metadata: { httpStatusCode: 404 } }));
    expect(await reports.findVersion('index.json')).toBeNull();
  });
});

describe('replace', () => {
  const index = { ...object, Body: '{}', ContentType: 'application/json', CacheControl: 'no-cache' };

  test('a version: put on the condition that it is still that one, to be asked for again each time', async () => {
    s3.on(PutObjectCommand).resolves({ ETag: '"e2"' });
    expect(await reports.replace('index.json', '{}', '"e1"')).toBe(true);
    expect(requests()).toEqual([{ ...index, IfMatch: '"e1"' }]);
  });

  test('none: put on the condition that there is still none', async () => {
    s3.on(PutObjectCommand).resolves({ ETag: '"e1"' });
    expect(await reports.replace('index.json', '{}', null)).toBe(true);
    expect(requests()).toEqual([{ ...index, IfNoneMatch: '*' }]);
  });

  test.each([
    ['another version', 'PreconditionFailed', '"e1"'],
    ['one that was put meanwhile', 'PreconditionFailed', null],
    ['one that is being put', 'ConditionalRequestConflict', '"e1"'],
    ['none any more', 'NoSuchKey', '"e1"'],
  ])('%s is there: false', async (_, awsName, version) => {
    s3.on(PutObjectCommand).rejects(awsError(awsName));
    expect(await reports.replace('index.json', '{}', version)).toBe(false);
  });

  test('S3 misses an object where none was expected: fails, since that is no conflict', async () => {
    s3.on(PutObjectCommand).rejects(awsError('NoSuchKey'));
    await expect(reports.replace('index.json', '{}', null)).rejects.toMatchObject({ name: 'ReportNotFiled' });
  });
});
