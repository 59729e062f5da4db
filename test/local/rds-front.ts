import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Asked = { action: string; region: string };

/** An error code of AWS, and its text; null lets RDS answer. */
export type Refusal = { code: string; message: string } | null;

/**
 * Stands on 127.0.0.1 in front of an RDS: writes down which action was asked in which Region, and refuses some.
 * @param behind the address of that RDS
 */
export const startRdsFront = async (behind: string, refuse: (asked: Asked) => Refusal) => {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    // Credential=KEY/DATE/REGION/rds/aws4_request
    const region =
      /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? 'none';
    const one = { action: new URLSearchParams(body).get('Action') ?? 'none', region };
    asked.push(one);
    const refusal = refuse(one);
    if (refusal !== null) {
      response.writeHead(403, { 'content-type': 'text/xml' }).end(errorXml(refusal));
      return;
    }
    const headers = { authorization: request.headers.authorization ?? '' };
    const answer = await fetch(behind, { method: 'POST', body, headers });
    response
      .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/xml' })
      .end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const errorXml = ({ code, message }: NonNullable<Refusal>): string =>
  `<ErrorResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><Error><Type>Sender</Type><Code>${code}</Code>` +
  `<Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
