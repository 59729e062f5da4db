import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startFleetServer } from '../../bench/fleet-server.ts';
import { functions, type GetStack, monitors } from './stack.ts';

export const testBundles = (getStack: GetStack) =>
  describe('bundles', () => {
    let server: Server;
    let isAnswering = true;

    const load = async (name: string) =>
      (await import(await getStack().unpack(name))) as {
        handler: (event: unknown, context: unknown) => Promise<unknown>;
      };

    const execution = {
      id: 'arn:x',
      name: 'local-x',
      startedAt: '2026-01-01T00:00:00Z',
      input: { bogus: 1 },
    };
    /** What CaptureBaseline needs to know of production. */
    const readAt = (engine: string, port: number) => ({
      baselineAddress: { engine, host: '127.0.0.1', port, database: 'app', user: 'reader' },
      checks: { sessions: 2 },
      restoreTo: null,
    });
    const drill = {
      target: { cluster: 'drill-x-1', writer: 'drill-x-1-writer' },
      deadline: '2026-01-01T01:00:00Z',
    };

    beforeAll(async () => {
      // Answers every call as a throttling AWS service does.
      server = createServer((request, response) => {
        if (!isAnswering) return request.socket.destroy();
        const body =
          '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>';
        return response.writeHead(400, { 'content-type': 'text/xml' }).end(body);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      process.env.AWS_ACCESS_KEY_ID = 'none';
      process.env.AWS_SECRET_ACCESS_KEY = 'none';
      process.env.AWS_MAX_ATTEMPTS = '1';
    });
    afterEach(() => vi.unstubAllEnvs());
    afterAll(() => server.close());

    test('each zip: one file, and plans.yml where the plan is read', () => {
      expect([...getStack().zips.keys()].sort()).toEqual([...functions].sort());
      for (const [name, files] of getStack().zips) {
        expect(Object.keys(files).filter((path) => path.endsWith('.mjs'))).toHaveLength(1);
        const others = Object.keys(files).filter((path) => !path.endsWith('.mjs'));
        const readsPlans = [
          'PrepareDrill',
          'PrepareRecovery',
          'PrepareRehearsal',
          'PrepareExtract',
          'PrepareRewind',
          'PrepareMark',
          'NotifyResult',
          'ConcludeDrill',
          'BacktrackReady',
          'DrillAge',
          'Posture',
          'SweepLeftovers',
        ].includes(name);
        expect([name, others]).toEqual([name, readsPlans ? ['plans.yml'] : []]);
      }
    });

    test.each(monitors)('%s: a zip of less than 400 KB', (name) => {
      expect(getStack().zipBytes.get(name)).toBeLessThan(400_000);
    });

    test.each(functions)('%s: the built bundle has its handler', async (name) => {
      expect(typeof (await load(name)).handler).toBe('function');
    });

    test('PrepareDrill as built: a wrong input fails with the name InvalidInput', async () => {
      const { handler } = await load('PrepareDrill');
      await expect(handler({ execution }, {})).rejects.toMatchObject({ name: 'InvalidInput' });
    });

    test('CheckCluster as built: a throttle fails with the name Throttled', async () => {
      const { handler } = await load('CheckCluster');
      const state = { execution, PrepareDrill: drill, RestoreCluster: {} };
      await expect(handler(state, {})).rejects.toMatchObject({ name: 'Throttled' });
    });

    test('CheckCluster as built: a broken connection fails with the name AwsUnavailable', async () => {
      isAnswering = false;
      const { handler } = await load('CheckCluster');
      const state = { execution, PrepareDrill: drill, RestoreCluster: {} };
      await expect(handler(state, {})).rejects.toMatchObject({ name: 'AwsUnavailable' });
      isAnswering = true;
    });

    test('CaptureBaseline as built: no database there fails with the name DatabaseUnreachable', async () => {
      const { handler } = await load('CaptureBaseline');
      const state = { execution, PrepareDrill: { ...drill, ...readAt('aurora-postgresql', 1) } };
      await expect(handler(state, {})).rejects.toMatchObject({ name: 'DatabaseUnreachable' });
    });

    test('CaptureBaseline as built: no MySQL there fails with the name DatabaseUnreachable', async () => {
      const { handler } = await load('CaptureBaseline');
      const state = { execution, PrepareDrill: { ...drill, ...readAt('aurora-mysql', 1) } };
      await expect(handler(state, {})).rejects.toMatchObject({ name: 'DatabaseUnreachable' });
    });

    test('CaptureBaseline as built: a database that never answers fails with the name OutOfTime', async () => {
      const silent = createTcpServer(() => {});
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const { port } = silent.address() as AddressInfo;
      const { handler } = await load('CaptureBaseline');
      const state = { execution, PrepareDrill: { ...drill, ...readAt('aurora-postgresql', port) } };
      const context = { getRemainingTimeInMillis: () => 200 };
      await expect(handler(state, context)).rejects.toMatchObject({ name: 'OutOfTime' });
      silent.close();
    });

    test('SnapshotAge as built: 1,000 clusters, no page twice, 8 calls at once at most, throttled calls repeated', async () => {
      const fleet = { clusters: 1000, snapshotsPerCluster: 35, latencyMs: 1, throttleEvery: 10 };
      const server = await startFleetServer(fleet);
      vi.stubEnv('AWS_ENDPOINT_URL', server.url);
      for (const [name, value] of Object.entries(getStack().environmentOf('SnapshotAge'))) {
        vi.stubEnv(name, value);
      }
      const { handler } = await load('SnapshotAge');
      await handler({}, {});
      await server.close();

      const { listings, throttled, mostInFlight, batches, largestBodyBytes } = server.seen;
      expect(listings).toBe(server.pages);
      expect(throttled).toBeLessThanOrEqual(0.2 * server.pages);
      expect(mostInFlight).toBeLessThanOrEqual(8);
      expect(batches.map((batch) => batch.length)).toEqual([1000, 1000, 1]);
      expect(largestBodyBytes).toBeLessThan(1_000_000);
      // Cluster n took its newest snapshot n % 24 hours ago.
      const ages = batches.flat().filter(({ name }) => name === 'SnapshotAgeHours');
      const rounded = ages.map(({ cluster, value }) => `${cluster?.slice(-5)} ${Math.floor(value + 0.1)}`);
      expect(rounded).toContain('undefined 23');
      expect(rounded).toContain('00100 4');
      expect(rounded).toContain('00999 15');
    });

    test('BacktrackWindow as built: an event that cannot be read is counted, and nothing is thrown', async () => {
      const fleet = { clusters: 0, snapshotsPerCluster: 0, latencyMs: 0, throttleEvery: 0 };
      const server = await startFleetServer(fleet);
      vi.stubEnv('AWS_ENDPOINT_URL', server.url);
      const { handler } = await load('BacktrackWindow');
      expect(await handler({ Records: [{}] }, {})).toMatchObject({ unparsable: [expect.anything()] });
      await server.close();
      expect(server.seen.batches.flat()).toMatchObject([{ name: 'UnparsableRdsEvents', value: 1 }]);
    });

    test('a step as built, called by hand: UnreadableAnswer that says how a drill is started', async () => {
      const { handler } = await load('TearDown');
      await expect(handler({ cluster: 'prod' }, {})).rejects.toMatchObject({
        name: 'UnreadableAnswer',
        hint: expect.stringContaining('state machine'),
      });
    });
  });
