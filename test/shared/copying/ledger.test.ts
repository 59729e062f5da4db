import { expect, test, vi } from 'vitest';
import { copyOnce, type Ledger } from '../../../shared/copying/ledger.ts';

const ledger: Ledger = { schema: 'extract_1', table: 'extract_1.ledger', text: (value) => `'${value}'` };
const range = { table: 'public.orders', number: 3, of: 9, from: null, to: '7' };

/** @param line of the range in the ledger */
const copyWith = async (line: { row_count: string | null; byte_count: string | null } | undefined) => {
  const asked: string[] = [];
  const session = {
    query: async <Row extends object>(_: string, sql: string) => {
      asked.push(sql.split(' ')[0] ?? '');
      return (sql.startsWith('select') && line !== undefined ? [line] : []) as Row[];
    },
    rollBack: async () => void asked.push('rollback'),
    close: async () => {},
  };
  const copy = vi.fn(async () => ({ rows: 5, bytes: 40 }));
  const copied = copyOnce(session, ledger, range, copy);
  return { copied, copy, asked };
};

test('a range that is not done: copied and written down', async () => {
  const { copied, copy, asked } = await copyWith({ row_count: null, byte_count: null });
  expect(await copied).toEqual({ rows: 5, bytes: 40 });
  expect(copy).toHaveBeenCalledOnce();
  expect(asked).toEqual(['begin', 'select', 'update', 'commit']);
});

test('a range that is done: not copied again', async () => {
  const { copied, copy } = await copyWith({ row_count: '7', byte_count: '56' });
  expect(await copied).toEqual({ rows: 7, bytes: 56 });
  expect(copy).not.toHaveBeenCalled();
});

test('a range whose line somebody has deleted: refused, nothing is copied', async () => {
  const { copied, copy, asked } = await copyWith(undefined);
  await expect(copied).rejects.toMatchObject({
    name: 'DatabaseFailure',
    summary:
      'the sandbox no longer has the line of range 3 of public.orders in extract_1.ledger of this extract',
  });
  expect(copy).not.toHaveBeenCalled();
  expect(asked.at(-1)).toBe('rollback');
});
