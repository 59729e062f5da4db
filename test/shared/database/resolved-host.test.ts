import { expect, test } from 'vitest';
import { resolveBy } from '../../../shared/database/resolved-host.ts';

const refuse = (code: string) => async () => {
  throw Object.assign(new Error('no'), { code });
};

test('a name with several addresses: all of them', async () => {
  const asked: unknown[] = [];
  const lookUp = async (...words: unknown[]) => {
    asked.push(words);
    return [{ address: '10.0.0.1' }, { address: '10.0.0.2' }];
  };
  expect(await resolveBy(lookUp)('prod')).toEqual(['10.0.0.1', '10.0.0.2']);
  expect(asked).toEqual([['prod', { all: true }]]);
});

test('a name that there is not: none', async () => {
  expect(await resolveBy(refuse('ENOTFOUND'))('gone')).toEqual([]);
});

test('DNS does not answer: DatabaseUnreachable, so nobody takes it for a name that is gone', async () => {
  await expect(resolveBy(refuse('EAI_AGAIN'))('prod')).rejects.toMatchObject({
    name: 'DatabaseUnreachable',
  });
});
