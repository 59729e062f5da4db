import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { passwordOf } from '../../../shared/rehearsing/password.ts';

test('the password of a job: HMAC of its id with the secret of the stack, the same each time', () => {
  const whole = createHmac('sha256', 'of the stack').update('0a1b2c3d').digest('base64url');
  expect(passwordOf('of the stack', '0a1b2c3d')).toBe(whole.slice(0, 32));
});

test('another job or another secret: another password', () => {
  const passwords = [
    ['secret', '0a1b2c3d'],
    ['secret', '0a1b2c3e'],
    ['secret2', '0a1b2c3d'],
  ].map(([secret = '', id = '']) => passwordOf(secret, id));
  expect(new Set(passwords).size).toBe(3);
});

test('whatever the secret: RDS takes it for both engines, in length and characters', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (secret, id) => {
      expect(passwordOf(secret, id)).toMatch(/^[\w-]{8,41}$/);
    }),
  );
});
