import { expect, test } from 'vitest';
import { DrillError } from '../../../shared/errors.ts';
import {
  assertSandboxApart,
  assertSandboxCluster,
  assertSandboxServer,
  inspectAs,
  type SandboxServer,
} from '../../../shared/extraction/sandbox.ts';

const sandbox = {
  name: 'dev',
  cluster: 'dev-aurora',
  resourceId: 'cluster-DEV',
  database: 'sandbox',
  user: 'sandbox_writer',
};
const source = {
  identifier: 'shop',
  resourceId: 'cluster-SHOP',
  engine: 'aurora-postgresql',
  engineVersion: '16.4',
  status: 'available',
  port: 5432,
  endpoint: 'shop.cluster-x.rds.amazonaws.com',
  readerEndpoint: 'shop.cluster-ro-x.rds.amazonaws.com',
};
const found = {
  ...source,
  identifier: 'dev-aurora',
  resourceId: 'cluster-DEV',
  endpoint: 'dev.cluster-x.rds.amazonaws.com',
  readerEndpoint: 'dev.cluster-ro-x.rds.amazonaws.com',
};
const other = {
  ...source,
  identifier: 'billing',
  resourceId: 'cluster-BILLS',
  endpoint: 'b.example',
  readerEndpoint: null,
};

const refused = (...parts: string[]) =>
  expect.objectContaining({
    name: 'SandboxRefused',
    summary: expect.toSatisfy((summary: string) =>
      ['sandbox dev, cluster dev-aurora: ', ...parts].every((part) => summary.includes(part)),
    ),
  });

const judge = (cluster: typeof found | undefined, of = source) =>
  assertSandboxCluster(sandbox, cluster, of, [source, other]);

test.each([
  ['the same version', '16.4', '16.4'],
  ['a later minor version, by number', '16.9', '16.10'],
  ['a later major version', '16.10', '17.2'],
  ['a later version of Aurora MySQL', '8.0.mysql_aurora.3.08.0', '8.0.mysql_aurora.3.10.0'],
])('a cluster of its own, %s: taken', (_, ofSource, ofSandbox) => {
  const of = { ...source, engineVersion: ofSource };
  expect(() => judge({ ...found, engineVersion: ofSandbox }, of)).not.toThrow();
});

test.each([
  ['no such cluster', undefined, 'there is no cluster dev-aurora in this account and Region'],
  ['the source by its name', { identifier: 'SHOP' }, 'it is shop, the source of a plan'],
  ["another plan's source by its resource id", { resourceId: 'cluster-BILLS' }, 'the resource id of billing'],
  ['the source by its endpoint', { endpoint: 'SHOP.cluster-x.rds.amazonaws.com' }, 'is one of shop'],
  ["another plan's endpoint as its reader's", { readerEndpoint: 'b.example' }, 'is one of billing'],
  [
    'another resource id than the plan says',
    { resourceId: 'cluster-NEW' },
    'its resource id is cluster-NEW, expected cluster-DEV',
  ],
  ['another engine', { engine: 'aurora-mysql' }, 'it runs aurora-mysql, expected aurora-postgresql'],
  ['an older version', { engineVersion: '16.3' }, 'it has version 16.3, expected 16.4 or later'],
  ['a stopped cluster', { status: 'stopped' }, 'expected it to be available'],
])('%s: SandboxRefused that names it', (_, changes, reason) => {
  expect(() => judge(changes && { ...found, ...changes })).toThrow(refused(reason));
});

test('several reasons: all of them at once', () => {
  expect(() => judge({ ...found, resourceId: 'cluster-NEW', engineVersion: '15.9' })).toThrow(
    refused('its resource id is', 'it has version'),
  );
});

const ofProduction = ['10.0.0.1:5432', '10.0.0.2:5432'];

test('an address of its own: taken', () => {
  expect(() => assertSandboxApart(sandbox, { addresses: ['10.0.0.7:5432'], ofProduction })).not.toThrow();
});

test.each([
  [
    "one of production's addresses",
    ['10.0.0.9:5432', '10.0.0.2:5432'],
    'its address 10.0.0.2:5432 is production',
  ],
  ['no address', [], 'its name has no address'],
])('%s: SandboxRefused that names it', (_, addresses, reason) => {
  expect(() => assertSandboxApart(sandbox, { addresses, ofProduction })).toThrow(refused(reason));
});

test('a user who is not let in: SandboxRefused that names the user; another error is itself', async () => {
  const inspect = (error: DrillError) => inspectAs(sandbox, () => Promise.reject(error));
  await expect(inspect(new DrillError('DatabaseDenied', 'sign in: no'))).rejects.toThrow(
    refused('user sandbox_writer is not let in: sign in: no'),
  );
  await expect(inspect(new DrillError('DatabaseUnreachable', 'x'))).rejects.toMatchObject({
    name: 'DatabaseUnreachable',
  });
});

const server: SandboxServer = {
  isReadOnly: false,
  mayCreateSchema: true,
  hasSchema: false,
};

test('a server of its own in which a schema may be made: taken', () => {
  expect(() => assertSandboxServer(sandbox, server, 'extract_shop')).not.toThrow();
});

test.each([
  ['a server that only reads', { isReadOnly: true }, 'its server only reads'],
  [
    'a user without the right',
    { mayCreateSchema: false },
    'user sandbox_writer may not create a schema in database sandbox',
  ],
  ['a schema that is there', { hasSchema: true }, 'extract_shop already, and nothing is overwritten'],
])('%s: SandboxRefused that names it', (_, changes, reason) => {
  expect(() => assertSandboxServer(sandbox, { ...server, ...changes }, 'extract_shop')).toThrow(
    refused(reason),
  );
});
