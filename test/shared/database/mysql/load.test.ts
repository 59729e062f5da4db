import { expect, test } from 'vitest';
import { describeMariadb } from './fixture.ts';

describeMariadb('how much is written to MySQL', (start) => {
  test('rows that are written are counted, those that are read are not; other connections are', async () => {
    const server = await start();
    await server.run('create table shop.carts (id int primary key, n int)');
    const reader = await server.open();
    const before = await reader.readLoad();
    await reader.readClock();
    const quiet = await reader.readLoad();
    await server.run('insert into shop.carts select seq, seq from seq_1_to_50');
    await server.run('update shop.carts set n = 0 where id <= 10');
    await server.run('delete from shop.carts where id > 45');
    const busy = await reader.readLoad();
    expect(quiet.rowsWritten).toBe(before.rowsWritten);
    expect(busy.rowsWritten - quiet.rowsWritten).toBe(65);
    expect(busy.atMs).toBeGreaterThan(before.atMs);
    expect(before.binlog).toEqual({ isOn: false, consumers: [] });
    const other = await server.open();
    expect((await reader.readLoad()).connections).toBeGreaterThan(before.connections);
    await other.close();
  });

  test('a binary log: it is on, and an empty list of its readers is not believed', async () => {
    const server = await start(['--log-bin', '--server-id=7']);
    const reader = await server.open();
    expect((await reader.readLoad()).binlog).toEqual({ isOn: true, consumers: null });
  });
});
