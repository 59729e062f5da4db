import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startFleetServer } from '../../bench/fleet-server.ts';
import type { DrillState } from '../../shared/drill/state.ts';
import { type History, parseHistory } from '../../shared/history/document.ts';
import { renderHistory } from '../../shared/history/page.ts';
import type { FiledResult } from '../../shared/history/source-posture.ts';
import { jobId } from '../../shared/job/names.ts';
import { formatPosture, parsePosture } from '../../shared/posture/document.ts';
import { makePassedDrill } from '../shared/drill/state-fixture.ts';
import { checkedAt, makeCluster, makePosture } from '../shared/posture/posture-fixture.ts';
import { startBucketServer } from './bucket-server.ts';
import type { GetStack } from './stack.ts';

/** A passed drill of its own execution. */
const makeState = (number: number): DrillState => {
  const { execution, ...state } = makePassedDrill();
  return { ...state, execution: { ...execution, id: `${execution.id}-${number}` } };
};

export const testFiling = (getStack: GetStack) =>
  describe('reports as the built functions file them, over HTTP', () => {
    let bucket: Awaited<ReturnType<typeof startBucketServer>>;
    const load = async (name: string) => {
      const path = await getStack().unpack(name);
      vi.stubEnv('LAMBDA_TASK_ROOT', dirname(path));
      return (await import(path)) as {
        handler: (event: unknown, context: unknown) => Promise<FiledResult>;
      };
    };
    const readIndex = (): History => parseHistory(bucket.files.get('index.json') ?? '');

    beforeEach(async () => {
      bucket = await startBucketServer();
      vi.stubEnv('AWS_ENDPOINT_URL', bucket.url);
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'none');
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
      vi.stubEnv('AWS_MAX_ATTEMPTS', '3');
      vi.stubEnv('REPORT_BUCKET', 'reports');
    });
    afterEach(async () => {
      vi.unstubAllEnvs();
      await bucket.close();
    });

    test('one drill: its two files, the index and its page stand there, and it passes', async () => {
      const { handler } = await load('ConcludeDrill');
      const state = makeState(1);
      bucket.files.set('posture.json', formatPosture(makePosture([makeCluster('prod-aurora-main')])));
      const result = await handler(state, {});
      expect(result.failure).toBeNull();
      const folder = `prod-aurora-main/2026-11-16/${jobId(state.execution.id)}`;
      expect([...bucket.files.keys()].sort()).toEqual(
        ['index.html', 'index.json', 'posture.json', `${folder}/report.html`, `${folder}/result.json`].sort(),
      );
      expect(JSON.parse(bucket.files.get(`${folder}/result.json`) ?? '')).toEqual(result);
      expect(readIndex().drills).toMatchObject([
        { drillId: result.drillId, report: `${folder}/report.html` },
      ]);
      expect(result.posture).toMatchObject({ value: { checkedAt, cluster: 'prod-aurora-main' } });
      expect(bucket.countMetricCalls()).toBe(1);
    });

    test('the posture of a Region without clusters: its two files stand there, and are replaced the day after', async () => {
      const fleet = { clusters: 0, snapshotsPerCluster: 0, latencyMs: 0, throttleEvery: 0 };
      const rds = await startFleetServer(fleet);
      vi.stubEnv('AWS_ENDPOINT_URL_RDS', rds.url);
      for (const [name, value] of Object.entries(getStack().environmentOf('Posture')))
        vi.stubEnv(name, value);
      vi.stubEnv('AWS_REGION', 'eu-west-1');
      const { handler } = await load('Posture');
      const empty = { clusters: 0, failing: 0, told: null };
      expect([await handler({}, {}), await handler({}, {})]).toEqual([empty, empty]);
      await rds.close();
      expect([...bucket.files.keys()].sort()).toEqual(['posture.html', 'posture.json']);
      expect(parsePosture(bucket.files.get('posture.json') ?? '')).toMatchObject({
        region: 'eu-west-1',
        clusters: [],
      });
      expect(bucket.seen.filter(({ method }) => method === 'PUT')).toHaveLength(4);
      expect(bucket.countMetricCalls()).toBe(2);
    });

    test('every object: with its type, and a checksum, which Object Lock wants', async () => {
      const { handler } = await load('ConcludeDrill');
      await handler(makeState(1), {});
      const puts = bucket.seen.filter(({ method }) => method === 'PUT');
      expect(puts).toHaveLength(4);
      for (const { key, headers } of puts) {
        expect(headers['content-type']).toBe(
          key.endsWith('.html') ? 'text/html; charset=utf-8' : 'application/json',
        );
        expect(headers['x-amz-checksum-crc32'] ?? headers['x-amz-trailer']).toBeDefined();
      }
    });

    test('20 drills that end at once: none is lost, and the page is that of the index', async () => {
      const { handler } = await load('ConcludeDrill');
      const states = Array.from({ length: 20 }, (_, number) => makeState(number));
      const results = await Promise.all(states.map((state) => handler(state, {})));
      expect(results.map(({ failure }) => failure)).toEqual(states.map(() => null));
      const ids = states.map(({ execution }) => jobId(execution.id));
      expect(
        readIndex()
          .drills.map((drill) => drill.drillId)
          .sort(),
      ).toEqual(ids.sort());
      expect(bucket.files.get('index.html') === renderHistory(readIndex())).toBe(true);
      // Otherwise no drill met another, and this test shows nothing.
      expect(bucket.seen.some(({ status }) => status === 412)).toBe(true);
    });

    test('DrillAge after a drill that passed: publishes, and names the plans without one', async () => {
      const { handler: conclude } = await load('ConcludeDrill');
      await conclude(makeState(1), {});
      const { handler } = await load('DrillAge');
      expect(await handler({}, {})).toMatchObject({
        hours: { 'prod-aurora-main': expect.any(Number) },
        neverPassed: [],
      });
      expect(bucket.countMetricCalls()).toBe(2);
    });
  });
