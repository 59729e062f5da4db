import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectAsOwner } from '../../../local/sources/mysql.ts';
import type { CopyRequest } from '../../../shared/aurora/port.ts';
import { addSeconds, isAfter, secondsBetween, toNextSecond } from '../../../shared/instants.ts';
import { type Backtracked, cluster, now, startBacktracked } from '../backtracked.ts';
import { hasMariadb } from '../mariadb.ts';
import { until } from '../world.ts';

const clone: CopyRequest = {
  kind: 'clone',
  source: cluster,
  target: 'clone',
  port: 3306,
  subnetGroup: null,
  securityGroups: [],
  parameterGroup: null,
  capacity: null,
  tags: {},
};

describe.skipIf(!hasMariadb)('Backtrack on MariaDB', () => {
  let here: Backtracked;
  beforeAll(async () => {
    here = await startBacktracked();
  });
  afterAll(() => here?.world.keeper.close());

  test('back three steps, forward one, back to where we were: rows and columns are as they were each time, on the same port', async () => {
    const { step, rewind, sumUp } = here;
    const aurora = here.startAurora();
    const first = await step("update orders set item = 'first' where id <= 100");
    const second = await step('delete from orders where id % 2 = 0');
    await step('alter table orders add column needed integer not null');
    const last = await step("update orders set item = concat(item, '!')");

    const back = await rewind(aurora, first.at);
    const seen = [await sumUp()];
    await rewind(aurora, second.at);
    seen.push(await sumUp());
    await rewind(aurora, toNextSecond(back.from ?? ''));
    seen.push(await sumUp());

    expect(seen).toEqual([first.sum, second.sum, last.sum]);
    expect(new Set(seen).size).toBe(3);
    expect((await aurora.listBacktracks(cluster)).map(({ status }) => status)).toEqual(
      Array(3).fill('completed'),
    );
    expect(await aurora.findCluster(cluster)).toMatchObject({ port: here.world.source.port });
    await here.query('alter table orders drop column needed');
  });

  test('rows written all the time, in pairs: whole transactions, none later than the time that was really reached', async () => {
    const writer = await here.world.source.connect();
    const pair = `start transaction; insert into orders (item) values ('beat');
      insert into paid values (last_insert_id()); commit`;
    const begun = now();
    while (!isAfter(now(), addSeconds(begun, 1.2))) await writer.query(pair);
    const asked = addSeconds(begun, 0.6);
    const { to } = await here.rewind(here.startAurora(), asked);
    const [found] = await here.query<{ beats: number; paid: number; last: string }>(
      `select count(*) as beats, (select count(*) from paid) as paid, cast(max(at) as char) as last
         from orders where item = 'beat'`,
    );
    expect(found?.beats).toBeGreaterThan(0);
    expect(found?.paid).toBe(found?.beats);
    const last = `${found?.last.replace(' ', 'T')}Z`;
    expect(isAfter(last, to)).toBe(false);
    expect(secondsBetween(last, to)).toBeLessThan(0.2);
    expect(to).not.toBe(asked);
    expect(Math.abs(secondsBetween(asked, to))).toBeLessThan(0.6);
  });

  test('asked for twice at once: one begins; while it goes back, cluster and instances say so, connections end, an open transaction is lost, all else is refused', async () => {
    const aurora = here.startAurora();
    const { at, sum } = await here.step("insert into orders (item) values ('kept')");
    const open = await here.world.source.connect();
    await open.query("start transaction; insert into orders (item) values ('never committed')");

    const asked = await Promise.allSettled([1, 2].map(() => aurora.backtrackCluster({ cluster, to: at })));
    expect(asked.map((answer) => answer.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [one] = await aurora.listBacktracks(cluster);
    expect(one).toMatchObject({ to: at, from: null, status: expect.stringMatching(/^(pending|applying)$/) });
    expect(await aurora.findCluster(cluster)).toMatchObject({ status: 'backtracking' });
    const statuses = (await aurora.listInstances(cluster)).map(({ status }) => status);
    expect(statuses).toEqual(['backtracking', 'backtracking']);
    for (const act of [
      () => aurora.backtrackCluster({ cluster, to: at }),
      () => aurora.takeSnapshot({ cluster, identifier: 'one', tags: {} }),
      () => aurora.restoreCluster(clone),
    ]) {
      await expect(act()).rejects.toMatchObject({
        name: 'InvalidClusterState',
        summary: expect.stringContaining('the cluster is backtracking, not available'),
      });
    }
    const { status } = await here.follow(aurora);
    await expect(open.query('commit')).rejects.toThrow();
    expect([status, await here.sumUp()]).toEqual(['completed', sum]);
    expect(await aurora.listBacktracks(cluster)).toHaveLength(1);
  });

  test('a writer that connects again goes on; what came after the time gone back to is thrown away, but not from the backups', async () => {
    const { step, rewind, sumUp } = here;
    const aurora = here.startAurora();
    const good = await step("update orders set item = 'good'");
    const bad = await step("update orders set item = 'bad'");
    const second = toNextSecond(bad.at);
    await until(
      async () => now(),
      (time) => isAfter(time, second),
    );
    await rewind(aurora, good.at);
    const after = await step("insert into orders (item) values ('after')");
    await expect(aurora.backtrackCluster({ cluster, to: bad.at })).rejects.toMatchObject({
      name: 'RequestRefused',
      summary: expect.stringContaining('what was written after a rewind replaced it'),
    });
    expect(await sumUp()).toBe(after.sum);
    await rewind(aurora, good.at);
    expect(await sumUp()).toBe(good.sum);

    const servers = here.world.source.makeServers('bad-time', null);
    const port = await servers.recover({ kind: 'point-in-time', restoreTo: second });
    await servers.start('writer');
    const copy = await connectAsOwner(port, 'shop', here.world.password);
    const [items] = await copy.query('select distinct item from orders');
    expect(items).toEqual([{ item: 'bad' }]);
    await copy.end();
    await servers.remove();
  });
});
