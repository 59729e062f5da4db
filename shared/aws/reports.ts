import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DrillError } from '../errors.ts';
import type { Reports } from '../history/reports.ts';
import { assertFits, assertInChanges, type Scripts } from '../rehearsing/scripts.ts';
import { readSetting } from './environment.ts';
import { fromAwsErrorAs } from './errors.ts';
import { quickCalls } from './quick-calls.ts';
import { connectVerbs } from './verbs.ts';

/**
 * The report bucket behind the Reports port, with the given verbs. The only file that imports the S3 client.
 * Without s3:ListBucket, S3 answers access denied for an object that does not exist (S3 API, GetObject). `replace` needs
 * s3:GetObject too (S3 User Guide, "Conditional writes").
 */
export const s3Reports = <Verbs extends Record<string, (client: S3Client) => unknown>>(
  verbs: Verbs,
  client = new S3Client(quickCalls),
) => connectVerbs(verbs, client);

export const write =
  (client: S3Client): Reports['write'] =>
  async (key, text) => {
    const Bucket = readSetting('REPORT_BUCKET');
    try {
      await client.send(new PutObjectCommand({ Bucket, Key: key, Body: text, ContentType: typeOf(key) }));
    } catch (error) {
      throw toReportError('s3:PutObject', Bucket, key, error);
    }
  };

export const read =
  (client: S3Client): Reports['read'] =>
  async (key) => {
    const Bucket = readSetting('REPORT_BUCKET');
    try {
      const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
      if (Body === undefined) throw new DrillError('ReportNotFiled', 'the answer has no body');
      return { text: await Body.transformToString(), version: versionOf(ETag) };
    } catch (error) {
      if (isMissing(error)) return null;
      throw toReportError('s3:GetObject', Bucket, key, error);
    }
  };

/** One version of the script of a change. */
export const readScript =
  (client: S3Client): Scripts['read'] =>
  async ({ bucket, key, versionId }) => {
    assertInChanges({ bucket, key }, readSetting('REPORT_BUCKET'));
    const operation = `s3:GetObjectVersion s3://${bucket}/${key}`;
    try {
      const request = { Bucket: bucket, Key: key, VersionId: versionId };
      const { Body, ContentLength } = await client.send(new GetObjectCommand(request));
      assertFits(operation, ContentLength);
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    } catch (error) {
      if (error instanceof DrillError) throw error;
      throw fromAwsErrorAs('ScriptNotRead', operation, error);
    }
  };

export const findVersion =
  (client: S3Client): Reports['findVersion'] =>
  async (key) => {
    const Bucket = readSetting('REPORT_BUCKET');
    try {
      const { ETag } = await client.send(new HeadObjectCommand({ Bucket, Key: key }));
      return versionOf(ETag);
    } catch (error) {
      if (isMissing(error)) return null;
      throw toReportError('s3:GetObject', Bucket, key, error);
    }
  };

/** When an answer is lost and the SDK repeats the call, S3 refuses the second: false, although the file was put. */
export const replace =
  (client: S3Client): Reports['replace'] =>
  async (key, text, version) => {
    const Bucket = readSetting('REPORT_BUCKET');
    const condition = version === null ? { IfNoneMatch: '*' } : { IfMatch: version };
    const request = new PutObjectCommand({
      Bucket,
      Key: key,
      Body: text,
      ContentType: typeOf(key),
      // The file changes under its name, so a browser must ask each time.
      CacheControl: 'no-cache',
      ...condition,
    });
    try {
      await client.send(request);
      return true;
    } catch (error) {
      if (hasChanged(error) || (version !== null && isMissing(error))) return false;
      throw toReportError('s3:PutObject', Bucket, key, error);
    }
  };

const typeOf = (key: string): string =>
  key.endsWith('.html') ? 'text/html; charset=utf-8' : 'application/json';

const versionOf = (etag: string | undefined): string => {
  if (etag === undefined) throw new DrillError('ReportNotFiled', 'the answer has no ETag');
  return etag;
};

/** HEAD has no body to name the error, so the SDK calls it NotFound. A missing bucket is another error. */
const isMissing = (error: unknown): boolean => ['NoSuchKey', 'NotFound'].includes((error as Error).name);

/** The second name comes while another conditional write is under way (S3 API, PutObject). */
const hasChanged = (error: unknown): boolean =>
  ['PreconditionFailed', 'ConditionalRequestConflict'].includes((error as Error).name);

const toReportError = (action: string, bucket: string, key: string, error: unknown): DrillError => {
  const operation = `${action} s3://${bucket}/${key}`;
  if (error instanceof DrillError) return new DrillError(error.name, `${operation}: ${error.summary}`);
  return fromAwsErrorAs('ReportNotFiled', operation, error);
};
