import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { expect, test } from 'vitest';
import { paintFor, plainPaint } from '../../../local/command/paint.ts';

/** A stream that says whether it is a terminal, and tells its colours as Node does. */
const makeStream = (isTTY: boolean) =>
  Object.assign(new PassThrough(), {
    isTTY,
    getColorDepth: WriteStream.prototype.getColorDepth,
    hasColors: WriteStream.prototype.hasColors,
  }) as unknown as NodeJS.WriteStream;

const everything = (paint: typeof plainPaint): string =>
  [paint.good, paint.bad, paint.quiet, paint.strong].map((style) => style('text')).join('') +
  paint.link('report', '/tmp/a b/report.html');

test('a terminal with colours: colours, and a link to the file', () => {
  const text = everything(paintFor(makeStream(true), { TERM: 'xterm-256color' }));
  expect(text).toContain('\u001b[32mtext\u001b[39m');
  expect(text).toContain('\u001b]8;;file:///tmp/a%20b/report.html\u001b\\report\u001b]8;;\u001b\\');
});

test.each<[string, boolean, NodeJS.ProcessEnv]>([
  ['no terminal', false, { TERM: 'xterm-256color' }],
  ['no terminal, and FORCE_COLOR', false, { TERM: 'xterm-256color', FORCE_COLOR: '1' }],
  ['NO_COLOR', true, { TERM: 'xterm-256color', NO_COLOR: '1' }],
  ['NO_COLOR and FORCE_COLOR', true, { TERM: 'xterm-256color', NO_COLOR: '1', FORCE_COLOR: '1' }],
  ['a terminal without colours', true, { TERM: 'dumb' }],
])('%s: plain text', (_, isTTY, environment) => {
  const text = everything(paintFor(makeStream(isTTY), environment));
  expect(text).toBe(everything(plainPaint));
  expect(text).toBe('texttexttexttextreport');
});
