import { setTimeout as sleep } from 'node:timers/promises';
import { mysqlProbing } from '../../../../shared/probing/mysql/server.ts';
import { measureChange, type Rehearsing } from '../../../../shared/probing/run.ts';
import type { ChangeMeasured } from '../../../../shared/rehearsal/measured.ts';
import { type TestMariadb, testPassword } from '../../database/mysql/fixture.ts';
import type { Said } from '../postgres/fixture.ts';

/** What a rehearsal needs nothing of, and what takes time on a machine that others use too. */
export const settings = [
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-doublewrite=0',
  '--max-connections=100',
];

/** Runs a change on a server as its owner, and closes every session. */
export const rehearse = async (
  { address }: TestMariadb,
  change: Said[],
  options: Partial<Rehearsing> = {},
): Promise<ChangeMeasured> => {
  const probing = mysqlProbing(async () => ({ password: testPassword, ssl: false }));
  const server = await probing.open({ ...address, user: 'root', ip: address.host });
  try {
    let isInTransaction = false;
    const statements = change.map(({ sql, tables = [] }, index) => {
      if (sql === 'begin') isInTransaction = true;
      if (/^(alter|create|drop)/.test(sql)) isInTransaction = false;
      const statement = { number: index + 1, line: index + 1, sql, tables, isInTransaction };
      if (sql === 'commit') isInTransaction = false;
      return statement;
    });
    return await measureChange(
      server,
      { statements, lockTimeoutMs: null },
      {
        contenderSeconds: 0,
        deadlineMs: 60_000,
        nowMs: () => performance.now(),
        sleep: async (ms) => void (await sleep(ms)),
        ...options,
      },
    );
  } finally {
    await server.close();
  }
};
