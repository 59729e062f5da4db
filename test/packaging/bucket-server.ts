import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One bucket on this machine with what reports need of S3: GET, HEAD and PUT with If-Match and If-None-Match (S3 API). Also
 * answers PutMetricData, and GetMetricData without a figure. Each call takes a different time, so they end in no order.
 */
export const startBucketServer = async () => {
  const files = new Map<string, string>();
  const seen: { method: string; key: string; status: number; headers: IncomingMessage['headers'] }[] = [];
  let metricCalls = 0;
  let turn = 0;

  const tagOf = (key: string): string | undefined => {
    const text = files.get(key);
    return text === undefined ? undefined : `"${createHash('md5').update(text).digest('hex')}"`;
  };
  const put = (key: string, text: string, headers: IncomingMessage['headers']): number => {
    const tag = tagOf(key);
    if (headers['if-none-match'] === '*' && tag !== undefined) return 412;
    if (headers['if-match'] !== undefined && tag === undefined) return 404;
    if (headers['if-match'] !== undefined && headers['if-match'] !== tag) return 412;
    files.set(key, text);
    return 200;
  };
  const errors: Record<number, string> = { 404: 'NoSuchKey', 412: 'PreconditionFailed' };

  const server = createServer(async (request, response) => {
    const { method = '', headers } = request;
    const body = readBody(await readAll(request), headers);
    if (headers['x-amz-target'] !== undefined) {
      if (String(headers['x-amz-target']).endsWith('PutMetricData')) metricCalls += 1;
      return response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
    }
    turn += 1;
    await sleep((turn * 7) % 10);
    const [, , ...path] = new URL(request.url ?? '', 'http://bucket').pathname.split('/');
    const key = decodeURIComponent(path.join('/'));
    const status = method === 'PUT' ? put(key, body, headers) : files.has(key) ? 200 : 404;
    seen.push({ method, key, status, headers });
    const tag = tagOf(key);
    response.writeHead(status, {
      ...(tag !== undefined && { etag: tag }),
      'content-type': status === 200 ? 'text/plain' : 'application/xml',
    });
    if (status !== 200 && method !== 'HEAD') {
      return response.end(
        `<?xml version="1.0"?><Error><Code>${errors[status]}</Code><Message>no</Message></Error>`,
      );
    }
    return response.end(method === 'GET' ? files.get(key) : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    seen,
    countMetricCalls: () => metricCalls,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const readAll = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/** The SDK may send a body in chunks with a checksum after them (S3 API, "Chunked uploads with trailing headers"). */
const readBody = (body: string, headers: IncomingMessage['headers']): string => {
  if (headers['content-encoding']?.includes('aws-chunked') !== true) return body;
  let text = '';
  let rest = Buffer.from(body);
  for (;;) {
    const end = rest.indexOf('\r\n');
    const length = Number.parseInt(rest.subarray(0, end).toString(), 16);
    if (!(length > 0)) return text;
    text += rest.subarray(end + 2, end + 2 + length).toString('utf8');
    rest = rest.subarray(end + 2 + length + 2);
  }
};
