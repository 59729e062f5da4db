import { expect, test } from 'vitest';
import { fromMysqlError } from '../../../../shared/database/mysql/errors.ts';

const serverError = (errno: number) =>
  Object.assign(new Error('something'), { code: 'ER_SOMETHING', errno, sqlState: 'HY000' });

test.each([
  [1044, 'DatabaseDenied'],
  [1045, 'DatabaseDenied'],
  [1142, 'DatabaseDenied'],
  [1227, 'DatabaseDenied'],
  [1040, 'DatabaseUnreachable'],
  [1053, 'DatabaseUnreachable'],
  [1205, 'DatabaseBusy'],
  [1213, 'DatabaseBusy'],
  [1412, 'DatabaseBusy'],
  [1146, 'DatabaseBusy'],
  [3024, 'OutOfTime'],
  [1969, 'OutOfTime'],
  [1049, 'DatabaseFailure'],
  [1064, 'DatabaseFailure'],
  [1792, 'DatabaseFailure'],
])('error %i of the server: %s, with its numbers in the message', (errno, name) => {
  const cause = serverError(errno);
  expect(fromMysqlError('count shop.orders', cause)).toMatchObject({
    name,
    summary: `count shop.orders: something (error ${errno}, SQLSTATE HY000)`,
    cause,
  });
});

test('no database of that name: a hint at the plan', () => {
  expect(fromMysqlError('connect', serverError(1049)).hint).toContain('database.name');
});

test('denied: the hint is that of MySQL', () => {
  expect(fromMysqlError('connect', serverError(1045)).hint).toContain('AWSAuthenticationPlugin');
});

test.each(['ECONNREFUSED', 'PROTOCOL_CONNECTION_LOST', 'ETIMEDOUT', 'HANDSHAKE_NO_SSL_SUPPORT', undefined])(
  '%s of the socket or the driver: DatabaseUnreachable',
  (code) => {
    const error = Object.assign(new Error('gone'), { code, errno: -111 });
    expect(fromMysqlError('connect', error)).toMatchObject({
      name: 'DatabaseUnreachable',
      summary: 'connect: gone',
    });
  },
);

test('a way to sign in that the driver refuses: DatabaseDenied', () => {
  const error = Object.assign(new Error('not enabled'), { code: 'AUTH_SWITCH_PLUGIN_ERROR' });
  expect(fromMysqlError('connect', error).name).toBe('DatabaseDenied');
});
