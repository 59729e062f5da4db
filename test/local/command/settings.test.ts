import { expect, test, vi } from 'vitest';
import { readArguments } from '../../../local/command/arguments.ts';
import { readSettings } from '../../../local/command/settings.ts';

// As somebody might leave it after a price change.
vi.mock('../../../config/prices.json', () => ({ default: { acuHour: '0.14' } }));

test('a wrong table of prices: InvalidSetting that names the file and the key, before anything is started', async () => {
  const command = readArguments([]);
  if (command.kind !== 'drill') throw new Error('no words are a drill');
  await expect(readSettings(command.arguments)).rejects.toMatchObject({
    name: 'InvalidSetting',
    summary: expect.stringMatching(/config\/prices\.json[\s\S]*acuHour/),
  });
});

test('a wrong table of prices: the function that files a drill can still be loaded', async () => {
  await expect(import('../../../functions/drill/conclude-drill.ts')).resolves.toHaveProperty('handler');
});
