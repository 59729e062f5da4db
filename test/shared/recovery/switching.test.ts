import { expect, test } from 'vitest';
import { explainSwitch, type HowToSwitch } from '../../../shared/recovery/switching.ts';

const recovered = {
  identifier: 'recovered-shop-20261119021300',
  endpoint: 'recovered-shop.cluster-x.rds.amazonaws.com',
};
const source = {
  identifier: 'shop',
  resourceId: 'cluster-SHOP',
  endpoint: 'shop.cluster-x.rds.amazonaws.com',
  stands: true,
};

const commandsOf = ({ variants }: HowToSwitch, name: string) => {
  const found = variants.find((variant) => variant.name === name);
  const list = (steps: { command: string | null }[] = []) => steps.flatMap(({ command }) => command ?? []);
  return { there: list(found?.steps), back: list(found?.back) };
};

test('two renames: the old one first, each waited for; back the same way', () => {
  const modify = 'aws rds modify-db-cluster --db-cluster-identifier';
  const waitFor = (name: string) =>
    `until aws rds wait db-cluster-available --db-cluster-identifier ${name}; do sleep 5; done`;
  expect(commandsOf(explainSwitch({ source, recovered }), 'two renames')).toEqual({
    there: [
      `${modify} shop --new-db-cluster-identifier shop-old --apply-immediately`,
      waitFor('shop-old'),
      `${modify} recovered-shop-20261119021300 --new-db-cluster-identifier shop --apply-immediately`,
      waitFor('shop'),
    ],
    back: [
      `${modify} shop --new-db-cluster-identifier recovered-shop-20261119021300 --apply-immediately`,
      waitFor('recovered-shop-20261119021300'),
      `${modify} shop-old --new-db-cluster-identifier shop --apply-immediately`,
      waitFor('shop'),
    ],
  });
});

test('RDS Proxy: the old target out, the new one in, and looked at; back the other way round', () => {
  const { there, back } = commandsOf(explainSwitch({ source, recovered }), 'RDS Proxy');
  const proxy = '--db-proxy-name PROXY';
  expect(there).toEqual([
    `aws rds deregister-db-proxy-targets ${proxy} --db-cluster-identifiers shop`,
    `aws rds register-db-proxy-targets ${proxy} --db-cluster-identifiers recovered-shop-20261119021300`,
    `aws rds describe-db-proxy-targets ${proxy}`,
  ]);
  expect(back[0]).toBe(
    `aws rds deregister-db-proxy-targets ${proxy} --db-cluster-identifiers recovered-shop-20261119021300`,
  );
});

test('an own DNS name: the record leads to the recovered endpoint, and back to the old one', () => {
  const { there, back } = commandsOf(explainSwitch({ source, recovered }), 'your own DNS name');
  const [, json = ''] = /--change-batch '(.*)'$/.exec(there[0] ?? '') ?? [];
  expect(JSON.parse(json).Changes[0].ResourceRecordSet.ResourceRecords).toEqual([
    { Value: recovered.endpoint },
  ]);
  expect(back).toEqual([expect.stringContaining(`"Value":"${source.endpoint}"`)]);
});

test('every way of one that stands, there and back: what writes is stopped first, and what keeps connections open restarted last', () => {
  for (const { steps, back } of explainSwitch({ source, recovered }).variants) {
    for (const way of [steps, back]) {
      expect(way[0]?.words).toMatch(/^stop what writes/);
      expect(way.at(-1)?.words).toMatch(/^restart what keeps connections open/);
    }
  }
});

test('a source that was deleted: one rename, since its name is free, no way back, and nothing to look at before its deletion', () => {
  const how = explainSwitch({ source: { ...source, stands: false }, recovered });
  expect(how.variants.map(({ name }) => name)).toEqual(['your own DNS name', 'RDS Proxy', 'one rename']);
  expect(how.variants.flatMap(({ back }) => back)).toEqual([]);
  expect(how.beforeDeletion).toEqual([]);
});

test('a source with a name of 63 characters: a name that RDS takes for the old one', () => {
  const long = `a${'-b'.repeat(31)}`;
  const [first = ''] = commandsOf(
    explainSwitch({ source: { ...source, identifier: long }, recovered }),
    'two renames',
  ).there;
  expect(/--new-db-cluster-identifier (\S+)/.exec(first)?.[1]).toMatch(/^[a-z](?!.*--)[a-z0-9-]{0,62}-old$/);
});

test('what is stale: policies pinned to the old resource id by its name, and passwords of that time', () => {
  const { stale } = explainSwitch({ source, recovered });
  expect(stale).toContainEqual(expect.stringContaining('cluster-SHOP'));
  expect(stale).toContainEqual(expect.stringContaining('passwords'));
});
