import { expect, test } from 'vitest';
import { describeMariadb } from './fixture.ts';

describeMariadb('what would act in a copy of MySQL', (start) => {
  test('events: the enabled ones are found, also while the scheduler is off; without EVENT they are not known', async () => {
    const server = await start();
    await server.run(`create table shop.carts (id int primary key);
      create event shop.purge on schedule every 1 day do delete from shop.carts;
      create event shop.paused on schedule every 1 day disable do delete from shop.carts`);
    const blind = await server.open();
    expect(await blind.listSideEffects()).toMatchObject({
      found: [],
      unseen: [
        { kind: 'event', reason: 'the user lacks EVENT on *.*' },
        { kind: 'replication channel', reason: 'the user lacks REPLICATION CLIENT' },
      ],
    });
    await server.run(`grant event, replica monitor on *.* to drill_reader@'127.0.0.1'`);
    const reader = await server.open();
    expect(await reader.listSideEffects()).toEqual({
      found: [{ kind: 'event', name: 'shop.purge' }],
      unseen: [],
    });
  });

  test('a channel of replication that was set up: found, though it does not run', async () => {
    const server = await start(['--server-id=7']);
    await server.run(`grant event, replica monitor on *.* to drill_reader@'127.0.0.1'`);
    await server.run(`change master 'erp' to master_host = '192.0.2.1', master_user = 'nobody'`);
    const reader = await server.open();
    expect(await reader.listSideEffects()).toEqual({
      found: [{ kind: 'replication channel', name: 'erp from 192.0.2.1' }],
      unseen: [],
    });
  });
});
