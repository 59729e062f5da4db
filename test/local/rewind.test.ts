import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Rewound } from '../../local/command/rewind/run.ts';
import { addSeconds } from '../../shared/instants.ts';
import type { RewindDocument } from '../../shared/rewind/document.ts';
import type { MarkDocument } from '../../shared/rewinding/marking.ts';
import { runCommand, startCommand } from './command.ts';
import { hasMariadb } from './mariadb.ts';

type Printed = RewindDocument & { around: Rewound };

const refusal = "Field 'channel' doesn't have a default value";

describe.skipIf(!hasMariadb)('npm run rewind, npm run mark', () => {
  test.concurrent('a migration breaks every write: rewound to the mark, one call, writes work, the document alone on stdout, nothing left', async () => {
    const command = await startCommand(['--json'], 'rewind');
    const { code, stdout, stderr, left } = await command.ended();
    expect({ code, left }, stderr).toEqual({ code: 0, left: [] });
    const { around, ...rewind }: Printed = JSON.parse(stdout);
    expect(rewind).toMatchObject({
      outcome: 'rewound',
      verdict: 'passed',
      restore: { restoreTo: around.mark.mark?.at },
    });
    expect(rewind.tests.map(({ verdict }) => verdict)).toEqual(Array(4).fill('passed'));
    expect(around).toMatchObject({
      broken: refusal,
      calls: 1,
      recovery: null,
      production: { isAsBefore: true, trouble: null },
    });
    expect(stderr).toContain('production has the rows of before, and takes writes\n');
    const filed = await readFile(join(command.folder, 'report/result.json'), 'utf8');
    expect(JSON.parse(filed)).toEqual(rewind);
    const messages = await readFile(join(command.folder, 'report/messages.txt'), 'utf8');
    expect(messages.match(/^Rew[a-z ]+(?=: )/gm)).toEqual(['Rewind ready', 'Rewound']);
    await command.remove();
  });

  test.concurrent('--blocked binlog: nothing is asked of production, and the input of a recovery, run as printed, brings the data back', async () => {
    const { code, stdout, stderr, left } = await runCommand(['--blocked', 'binlog', '--json'], 'rewind');
    expect({ code, left }, stderr).toEqual({ code: 0, left: [] });
    const { around, ...rewind }: Printed = JSON.parse(stdout);
    expect(rewind).toMatchObject({ outcome: 'blocked', failure: { error: 'RewindBlocked' } });
    const { restoreTo } = JSON.parse(rewind.next.recover ?? 'null');
    expect(around).toMatchObject({
      calls: 0,
      production: { isAsBefore: false, trouble: refusal },
      recovery: { verdict: 'passed', restore: { reached: restoreTo } },
    });
    expect(around.answering.map(({ isAsBefore }) => isAsBefore)).toEqual([true, true]);
    expect(stderr).toMatch(/recovered-local-aurora-\d{14}-writer answers, with the rows of before\n/);
  });

  test.concurrent('mark: exit code 0, the second, a safety snapshot, and the inputs that lead back to it', async () => {
    const words = ['--json', '--input', '{"expiresDays": 3}'];
    const { code, stdout, stderr, left } = await runCommand(words, 'mark');
    expect({ code, left }, stderr).toEqual({ code: 0, left: [] });
    const { mark, words: told }: MarkDocument = JSON.parse(stdout);
    const restoreTo = mark?.at ?? '';
    expect(mark?.snapshot?.expires).toBe(addSeconds(restoreTo, 3 * 86_400));
    for (const input of [told?.inputs.rewind, told?.inputs.recover])
      expect(JSON.parse(input ?? 'null')).toMatchObject({ plan: 'local', restoreTo });
    expect(stderr).toContain(`local-aurora is marked at ${restoreTo.replace('T', ' ').replace('Z', ' UTC')}`);
  });
});
