import { lookup } from 'node:dns/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { resolveAll } from '../../../shared/database/resolved-host.ts';

vi.mock('node:dns/promises', () => ({ lookup: vi.fn() }));
afterEach(() => vi.mocked(lookup).mockReset());

const answer = (addresses: string[]) =>
  vi.mocked(lookup).mockResolvedValue(addresses.map((address) => ({ address, family: 4 })) as never);
const refuse = (code: string) =>
  vi.mocked(lookup).mockRejectedValue(Object.assign(new Error('no'), { code }));

test('a name with several addresses: all of them', async () => {
  answer(['10.0.0.1', '10.0.0.2']);
  expect(await resolveAll('prod')).toEqual(['10.0.0.1', '10.0.0.2']);
  expect(lookup).toHaveBeenCalledWith('prod', { all: true });
});

test('a name that there is not: none', async () => {
  refuse('ENOTFOUND');
  expect(await resolveAll('gone')).toEqual([]);
});

test('DNS does not answer: DatabaseUnreachable, so nobody takes it for a name that is gone', async () => {
  refuse('EAI_AGAIN');
  await expect(resolveAll('prod')).rejects.toMatchObject({ name: 'DatabaseUnreachable' });
});
