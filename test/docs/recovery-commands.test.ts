import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { recoveryExample } from '../../local/documents/recovery-example.ts';
import { buildRecovery } from '../../shared/recovery/document.ts';
import { checkAwsCall } from './aws-operations.ts';
import { recordScript } from './recorded.ts';

/** What the report and the messages of a recovery tell people to paste into a shell. */
const { howToSwitch } = buildRecovery(recoveryExample);
const switches = (howToSwitch?.variants ?? []).flatMap(({ steps, back }) =>
  [...steps, ...back].flatMap(({ command }) => command ?? []),
);
const settings = (await readFile('test/shared/recovery/__snapshots__/setting-commands.txt', 'utf8'))
  .split('\n')
  .filter((line) => line.startsWith('aws '));

describe.skipIf(process.platform !== 'linux')('commands that a recovery tells people to paste', () => {
  test.each([
    ['to switch and back', switches],
    ['to set what a restore loses', settings],
  ])(
    '%s: run by a shell as they are, operations that there are, with the options they take',
    async (_, lines) => {
      expect(lines.length).toBeGreaterThan(10);
      const { code, stderr, calls } = await recordScript(lines.join('\n'));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const problems = await Promise.all(calls.map(([, ...words]) => checkAwsCall(words)));
      expect(problems.flat()).toEqual([]);
    },
  );
});
