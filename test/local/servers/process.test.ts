import { expect, test } from 'vitest';
import { startServerProcess } from '../../../local/servers/process.ts';

test('server that is never ready: ended when the patience ends, and its last words are told', async () => {
  const watched: number[] = [];
  const keeper = {
    folder: '/tmp',
    watch: (pid: number) => void watched.push(pid),
    forget: (pid: number) => void watched.splice(watched.indexOf(pid), 1),
    close: async () => {},
  };
  const started = startServerProcess(
    { user: {}, keeper, environment: { PATH: process.env.PATH ?? '' } },
    {
      name: 'Sleeper',
      program: 'sh',
      parameters: ['-c', 'echo waiting for a writer >&2; exec sleep 60'],
      readyText: 'ready',
      stopSignal: 'SIGTERM',
      quitSignal: 'SIGKILL',
      patienceMs: 2000,
    },
  );
  await expect(started).rejects.toThrow('Sleeper ended before it was ready:\nwaiting for a writer');
  expect(watched).toEqual([]);
});
