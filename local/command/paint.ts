import { pathToFileURL } from 'node:url';
import { styleText } from 'node:util';

/** How texts look where they are printed. */
export type Paint = {
  good(text: string): string;
  bad(text: string): string;
  quiet(text: string): string;
  strong(text: string): string;
  /** A text that leads to a file. */
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
  // OSC 8; a terminal that does not know it shows the text alone.
  link: (text, path) => `\u001b]8;;${pathToFileURL(path)}\u001b\\${text}\u001b]8;;\u001b\\`,
};

const style = (format: 'green' | 'red' | 'dim' | 'bold', text: string): string =>
  styleText(format, text, { validateStream: false });

/** Colours and links on a terminal that has colours; plain text anywhere else, and wherever NO_COLOR is set. */
export const paintFor = (stream: NodeJS.WriteStream, environment = process.env): Paint =>
  stream.isTTY && !environment.NO_COLOR && stream.hasColors(environment) ? terminalPaint : plainPaint;
