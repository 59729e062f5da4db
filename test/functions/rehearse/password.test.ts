import { describe, expect, test } from 'vitest';
import { checkPassword } from '../../../functions/rehearse/check-password.ts';
import { setPassword } from '../../../functions/rehearse/set-password.ts';
import type { Aurora, Cluster } from '../../../shared/aurora/port.ts';
import { DrillError } from '../../../shared/errors.ts';
import { passwordOf } from '../../../shared/rehearsing/password.ts';
import {
  execution,
  makeClone,
  makeJob,
  makeState,
  source,
  timed,
} from '../../shared/rehearsing/job-fixture.ts';
import { clockAt, makeAurora } from '../fakes.ts';

const job = makeJob();
const clone = makeClone(job);
const state = makeState(job);
const secret = () => 'of the stack';

const set = (found: Cluster | undefined, verbs: Partial<Aurora> = {}) =>
  setPassword(state, {
    aurora: makeAurora({ findCluster: async () => found, ...verbs }),
    secret,
    now: clockAt('08:20'),
  });

describe('SetPassword', () => {
  test('the clone gets the password of this job, and the piece names its user alone', async () => {
    const asked: object[] = [];
    const piece = await set(clone, { setMasterPassword: async (request) => void asked.push(request) });
    const password = passwordOf('of the stack', job.id);
    expect(asked).toEqual([{ identifier: job.target.cluster, password }]);
    expect(piece).toMatchObject({ user: 'app_owner' });
    expect(JSON.stringify(piece)).not.toContain(password);
  });

  test.each([
    ['production answers for the clone', source],
    ['somebody else has the name', { ...clone, tags: {} }],
    ['nobody has the name', undefined],
  ])('%s: NotTheClone, and no password is set', async (_, found) => {
    await expect(set(found)).rejects.toMatchObject({ name: 'NotTheClone' });
  });

  test('RDS names no master user: refused, and no password is set', async () => {
    await expect(set({ ...clone, masterUser: null })).rejects.toMatchObject({ name: 'UnreadableAnswer' });
  });

  test('an earlier run has asked for it: nothing is asked again', async () => {
    const found = { ...clone, status: 'resetting-master-credentials' };
    expect(await set(found)).toMatchObject({ user: 'app_owner' });
  });

  test.each([
    ['backing-up', 'AwsUnavailable'],
    ['available', 'AwsUnavailable'],
    ['stopped', 'InvalidClusterState'],
  ])('it cannot be modified, and its status is %s: %s', async (status, name) => {
    const setMasterPassword = () => Promise.reject(new DrillError('InvalidClusterState', 'not now'));
    await expect(set({ ...clone, status }, { setMasterPassword })).rejects.toMatchObject({ name });
  });

  test('after the deadline: nothing is changed', async () => {
    const late = { now: clockAt('23:20'), secret, aurora: makeAurora() };
    await expect(setPassword(state, late)).rejects.toMatchObject({ name: 'DeadlineExceeded' });
  });
});

describe('CheckPassword', () => {
  const check = (changes: Partial<Cluster>, now = '08:20') =>
    checkPassword(
      { execution, PrepareRehearsal: { ...job, ...timed }, SetPassword: { user: 'app_owner', ...timed } },
      { aurora: makeAurora({ findCluster: async () => ({ ...clone, ...changes }) }), now: clockAt(now) },
    );

  test.each([
    ['available', {}, 'ready'],
    ['resetting-master-credentials', { status: 'resetting-master-credentials' }, 'pending'],
    ['available, and the password is yet to change', { isPasswordPending: true }, 'pending'],
    ['inaccessible', { status: 'inaccessible-encryption-credentials' }, 'failed'],
  ])('the clone is %s', async (_, changes, status) => {
    expect(await check(changes)).toMatchObject({ status });
  });

  test('the password does not change until the deadline: failed', async () => {
    expect(await check({ isPasswordPending: true }, '23:00')).toMatchObject({
      status: 'failed',
      error: 'DeadlineExceeded',
    });
  });
});
