import { expect, test } from 'vitest';
import { readOwnDatabase } from '../../../../local/command/extract/own-database.ts';

test.each([
  [
    'postgres://me:p%40ss@db.example.com:5433/My%20Data?sslmode=require',
    ['db.example.com', 5433, 'My Data', 'p@ss', { rejectUnauthorized: false }],
  ],
  ['postgresql://me@[::1]/app', ['::1', 5432, 'app', 'mine', false]],
  ['postgres://me@db/app?sslmode=verify-full', ['db', 5432, 'app', 'mine', {}]],
] as const)('%s: read', (url, [host, port, database, password, ssl]) => {
  expect(readOwnDatabase(url, 'postgres', { PGPASSWORD: 'mine' })).toEqual({
    address: { engine: 'aurora-postgresql', host, port, database, user: 'me' },
    password,
    ssl,
  });
});

test.each([
  ['secret', 'expected a URL that begins with postgres:// or mysql://'],
  ['https://me:secret@db/app', 'expected a URL that begins with'],
  ['postgres://me:secret@db:99999/app', 'expected a host and a port in the URL that can be read'],
  ['mysql://me:secret@db/app', 'it is a database of mysql, and the tables come from postgres'],
  ['postgres://db', 'expected a user, a database in the URL'],
  ['postgres://me:secret@db/app?options=a', 'expected no options in the URL'],
  ['postgres://me:secret@db/app?sslmode=prefer', 'sslmode is prefer, expected disable, require, verify-full'],
  ['postgres://me:secret%@db/app', 'expected a password in which each % is written as %25'],
])('%s: refused without its password', (url, part) => {
  const read = () => readOwnDatabase(url, 'postgres', { PGPASSWORD: 'mine' });
  expect(read).toThrow(expect.objectContaining({ name: 'InvalidArguments' }));
  expect(read).toThrow(part);
  expect(read).not.toThrow(/secret/);
});
