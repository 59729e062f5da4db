import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { carriedByClusters, carriedByInstances, type Gets } from '../../shared/aurora/carried.ts';
import { instanceSettings } from '../../shared/recovery/instance-settings.ts';
import { shownSettings } from '../../shared/recovery/shown-settings.ts';
import { readTable } from './pages.ts';

const show = (is: boolean | number): string => (is === true ? 'on' : is === false ? 'off' : String(is));
const tell = (gets: Gets, otherwise: string): string => {
  if (gets === 'carried') return 'as the source';
  return 'is' in gets ? `${show(gets.is)}: ${gets.why}` : `${otherwise}: ${gets.left}`;
};

type Row = [label: string, gets: { kept: Gets; tornDown: Gets }];

test('docs/recover.md: what becomes of each setting of a source, as the list of the code has it', async () => {
  const rows: Row[] = [
    ...Object.entries(carriedByClusters).map(
      ([name, gets]): Row => [shownSettings[name as keyof typeof shownSettings].label, gets],
    ),
    ...Object.entries(carriedByInstances).map(
      ([name, gets]): Row => [
        `instances: ${instanceSettings[name as keyof typeof instanceSettings].label}`,
        gets,
      ],
    ),
  ];
  const expected = rows.map(([label, { kept, tornDown }]) => [
    label,
    tell(kept, 'left to you'),
    tell(tornDown, 'left out'),
  ]);
  const text = await readFile('docs/recover.md', 'utf8');
  expect(readTable(text, 'setting')).toEqual(expected);
});
