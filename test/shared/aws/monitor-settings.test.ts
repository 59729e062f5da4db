import { expect, test, vi } from 'vitest';
import { snapshotKinds } from '../../../shared/aurora/snapshots.ts';
import { parseKinds, readCountedKinds, readScope } from '../../../shared/aws/monitor-settings.ts';

test('settings of the environment: read as scope and kinds', () => {
  vi.stubEnv('MONITORED_CLUSTERS', 'tag:env=prod');
  vi.stubEnv('COUNTED_SNAPSHOTS', 'automated,manual');
  expect(readScope()).toEqual({ kind: 'tag', key: 'env', value: 'prod' });
  expect(readCountedKinds()).toEqual(['automated', 'manual']);
});

test.each([
  ['MONITORED_CLUSTERS', undefined, readScope, 'SettingMissing'],
  ['MONITORED_CLUSTERS', '', readScope, 'SettingMissing'],
  ['MONITORED_CLUSTERS', 'some', readScope, 'InvalidSetting'],
  ['COUNTED_SNAPSHOTS', undefined, readCountedKinds, 'SettingMissing'],
  ['COUNTED_SNAPSHOTS', '', readCountedKinds, 'SettingMissing'],
  ['COUNTED_SNAPSHOTS', 'some', readCountedKinds, 'InvalidSetting'],
])('%s is %j: the error names it', (setting, value, read, name) => {
  vi.stubEnv(setting, value);
  expect(read).toThrow(expect.objectContaining({ name, summary: expect.stringContaining(setting) }));
});

test.each([
  ['automated', ['automated']],
  ['automated,aws-backup', ['automated', 'aws-backup']],
  [' aws-backup , automated ', ['automated', 'aws-backup']],
  ['copy,copy', ['copy']],
  [snapshotKinds.join(), snapshotKinds],
])('kinds %j: %j', (text, kinds) => {
  expect(parseKinds(text)).toEqual(kinds);
});

test.each([
  '',
  ' ',
  ',',
  'automated,',
  'automatic',
  'automated;manual',
  'Automated',
  'automated,constructor',
])('kinds %j: InvalidSetting, and the message lists the kinds there are', (text) => {
  const seen = `COUNTED_SNAPSHOTS: expected a list of automated, aws-backup, manual, copy, seen "${text}"`;
  expect(() => parseKinds(text)).toThrow(expect.objectContaining({ name: 'InvalidSetting', summary: seen }));
});
