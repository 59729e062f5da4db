import { pathToFileURL } from 'node:url';
import { styleText } from 'node:util';

/** How texts look in the output. */
export type Paint = {
  good(text: string): string;
  bad(text: string): string;
  quiet(text: string): string;
  strong(text: string): string;
  /** A text that links to a file. */
  link(text: string, path: string): string;
};

export const plainPaint: Paint = {
  good: (text) => text,
  bad: (text) => text,
  quiet: (text) => text,
  strong: (text) => text,
  link: (text) => text,
};

const terminalPaint: Paint = {
  good: (text) => style('green', text),
  bad: (text) => style('red', text),
  quiet: (text) => style('dim', text),
  strong: (text) => style('bold', text),
  // OSC 8. A terminal that does not know it shows only the text.
  link: (text, path) => `\u001b]8;;${pathToFileURL(path)}\u001b\\${text}\u001b]8;;\u001b\\`,
};

const style = (format: 'green' | 'red' | 'dim' | 'bold', text: string): string =>
  styleText(format, text, { validateStream: false });

/** Colours and links on a terminal with colours; plain text elsewhere and with NO_COLOR. */
export const paintFor = (stream: NodeJS.WriteStream, environment = process.env): Paint =>
  stream.isTTY && !environment.NO_COLOR && stream.hasColors(environment) ? terminalPaint : plainPaint;
