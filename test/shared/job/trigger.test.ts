import { expect, test } from 'vitest';
import { triggerOf } from '../../../shared/job/trigger.ts';

test.each([
  ['schedule-6f1c2d3e', 'schedule'],
  ['local-6f1c2d3e', 'local'],
  ['6f1c2d3e-0000-4000-8000-000000000000', 'manual'],
  ['rehearse-friday', 'manual'],
  ['my-schedule-test', 'manual'],
  ['scheduled', 'manual'],
])('execution %s: started by %s', (name, kind) => {
  expect(triggerOf(name, null)).toEqual({ kind, reason: null });
});

test.each(['schedule-1', 'local-1', 'by-hand'])('execution %s with a reason: the reason is kept', (name) => {
  expect(triggerOf(name, 'rehearse the 02:14 migration').reason).toBe('rehearse the 02:14 migration');
});
