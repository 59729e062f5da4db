import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type FleetOptions, startFleetServer } from '../../bench/fleet-server.ts';
import { lookAtAccount } from '../../local/command/posture/account.ts';
import type { PostureScene } from '../../local/command/posture/arguments.ts';
import { listDenied } from '../../local/command/posture/denied.ts';
import { askedActions } from '../../local/command/posture/policy.ts';
import { indexVerdicts, type PostureDocument, parsePosture } from '../../shared/posture/document.ts';
import { runCommand } from './command.ts';
import { type Asked, type Refusal, startRdsFront } from './rds-front.ts';

const region = 'eu-west-1';
const otherRegion = 'eu-central-1';
const now = new Date();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posture-'));
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('an account', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  const serve = async (fleet: Partial<FleetOptions> = {}, refuse: (asked: Asked) => Refusal = () => null) => {
    const all = { clusters: 3, snapshotsPerCluster: 2, latencyMs: 0, throttleEvery: 0, ...fleet };
    const server = await startFleetServer(all);
    const front = await startRdsFront(server.url, refuse);
    closers.push(server.close, front.close);
    process.env.AWS_ENDPOINT_URL_RDS = front.url;
    return { server, front };
  };

  const lookAt = async (changes: Partial<Extract<PostureScene, { kind: 'account' }>> = {}) => {
    const account = { kind: 'account', region, copyRegion: null, planFile: null, ...changes } as const;
    const [look] = await lookAtAccount(account, folder, now);
    return look?.document as PostureDocument;
  };

  const actionsOf = (asked: readonly Asked[], where: string): string[] =>
    [...new Set(asked.filter((one) => one.region === where).map(({ action }) => `rds:${action}`))].sort();

  test('several pages: every cluster judged, and nothing asked that the policy does not allow', async () => {
    const { front } = await serve({ clusters: 120, snapshotsPerCluster: 3 });
    const document = await lookAt();
    expect(document.clusters).toHaveLength(120);
    expect(actionsOf(front.asked, region)).toEqual([...askedActions]);
    expect(front.asked.every((one) => one.region === region)).toBe(true);
    expect(parsePosture(await readFile(join(folder, 'posture.json'), 'utf8'))).toEqual(document);
    expect(await readFile(join(folder, 'posture.html'), 'utf8')).toContain(
      'prod-aurora-cluster-of-team-00119',
    );
  });

  test('what only a history could tell does not apply, and says why', async () => {
    await serve();
    const { clusters } = await lookAt();
    const ofHistory = ['drill-passed', 'side-effects', 'coverage'];
    const findings = clusters.flatMap((one) => one.findings.filter(({ rule }) => ofHistory.includes(rule)));
    expect(findings).toHaveLength(9);
    for (const { verdict, why } of findings) {
      expect([verdict, why]).toEqual(['not-applicable', expect.stringContaining('none was read')]);
    }
  });

  test('throttled again and again: the same verdicts', async () => {
    await serve({ clusters: 5 });
    const calm = indexVerdicts(await lookAt());
    const { server } = await serve({ clusters: 5, throttleEvery: 3 });
    expect(indexVerdicts(await lookAt())).toEqual(calm);
    expect(server.seen.throttled).toBeGreaterThan(0);
  });

  test('another Region for the copies: asked for snapshots alone', async () => {
    const { front } = await serve();
    const { clusters } = await lookAt({ copyRegion: otherRegion });
    expect(actionsOf(front.asked, otherRegion)).toEqual(['rds:DescribeDBClusterSnapshots']);
    const copies = clusters.flatMap(({ findings }) => findings.filter(({ rule }) => rule === 'copy-abroad'));
    expect(copies.map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'fail']);
  });

  const deny = (action: string): Refusal => ({
    code: 'AccessDenied',
    message: `User: arn:aws:iam::1:user/me is not authorized to perform: rds:${action}`,
  });

  test.each(askedActions.filter((action) => action !== 'rds:DescribeDBClusters'))(
    '%s denied: the rules that need it cannot be read and name it, and others are judged',
    async (denied) => {
      await serve({}, ({ action }) => (`rds:${action}` === denied ? deny(action) : null));
      const document = await lookAt();
      expect(listDenied(document)).toEqual([denied]);
      for (const { findings } of document.clusters) {
        expect(findings.find(({ rule }) => rule === 'deletion-protection')?.verdict).toBe('pass');
      }
    },
  );

  test.each([
    ['AccessDenied', deny('DescribeDBClusters'), 'npm run posture -- --policy'],
    [
      'CredentialsUnusable',
      { code: 'ExpiredToken', message: 'The security token is expired' },
      'aws sso login',
    ],
    ['CredentialsUnusable', { code: 'InvalidClientTokenId', message: 'The token is invalid' }, 'AWS_PROFILE'],
  ])('%s: %j, with what to do', async (name, refusal, hint) => {
    await serve({}, () => refusal);
    await expect(lookAt()).rejects.toMatchObject({ name, hint: expect.stringContaining(hint) });
  });

  test('no cluster: an error that names the Region, for it may be the wrong one', async () => {
    await serve({ clusters: 0 });
    await expect(lookAt()).rejects.toMatchObject({
      name: 'NothingMonitored',
      summary: `there is no Aurora cluster in ${region}`,
    });
  });
});

test('the command, over the model fleet: every day, with what was told, as JSON', async () => {
  const ended = await runCommand(['--json', '--strict'], 'posture');
  expect(ended).toMatchObject({ code: 1, left: [] });
  expect(ended.stderr).toContain('findings fail, in ');
  const days = ended.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(days.map(({ messages }) => messages.length)).toEqual([1, 0, 1]);
  expect(days[2].messages[0]).toMatchObject({ schema: 'aurora-drills/message/1', kind: 'posture-failing' });
});

test('the command, with a Region and without credentials: exit code 1, and what to do', async () => {
  const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_EC2_METADATA_DISABLED: 'true' };
  const nowhere = { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' };
  const ended = await runCommand(['--region', 'eu-west-1'], 'posture', { ...none, ...nowhere });
  expect(ended).toMatchObject({ code: 1, left: [] });
  expect(ended.stderr).toMatch(/^CredentialsUnusable: .*\nhint: sign in to AWS, /);
});
