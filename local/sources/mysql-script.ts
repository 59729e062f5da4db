import type { LineReader } from './mysql-lines.ts';
import type { SqlFile } from './sql-file.ts';
import { readIncluded } from './sql-include.ts';

/** What the client is fed: the files in one, and from which line on a line is of which file. */
export type Script = { chunks: Buffer[]; parts: Part[] };

type Part = { firstLine: number; file: SqlFile; line: number };

/** Writes a file and those that it includes into one. @throws DrillError SqlFileFailed */
export const writeScript = async (file: SqlFile, reader: LineReader): Promise<Script> => {
  const script: Growing = { chunks: [], parts: [], lines: 0 };
  await addFile(script, file, reader);
  return script;
};

type Growing = Script & { lines: number };

const addFile = async (script: Growing, file: SqlFile, reader: LineReader): Promise<void> => {
  const begin = (line: number) => script.parts.push({ firstLine: script.lines + 1, file, line });
  let line = 0;
  begin(1);
  for (const { text, bytes } of listLines(file.content)) {
    line++;
    const read = reader.read(text);
    if (read.kind === 'sql') {
      addLine(script, read.text === text ? bytes : Buffer.from(`${read.text}\n`, 'latin1'));
      continue;
    }
    const name = Buffer.from(read.name, 'latin1').toString('utf8');
    await addFile(script, await readIncluded(file, { name, isFromHere: false, line }), reader);
    begin(line + 1);
  }
  if (file.content.at(-1) !== lineFeed[0]) script.chunks.push(lineFeed);
  const ending = reader.endStatement();
  if (ending !== '') addLine(script, Buffer.from(`${ending}\n`));
};

const lineFeed = Buffer.from('\n');

function* listLines(content: Buffer): Generator<{ text: string; bytes: Buffer }> {
  for (let at = 0; at < content.length; ) {
    const found = content.indexOf(lineFeed, at);
    const end = found < 0 ? content.length : found;
    yield { text: content.toString('latin1', at, end), bytes: content.subarray(at, end + 1) };
    at = end + 1;
  }
}

/** Lines of a file that stay as they are become one piece: a dump may have millions. */
const addLine = (script: Growing, bytes: Buffer): void => {
  const { chunks } = script;
  const last = chunks.at(-1);
  script.lines++;
  if (last?.buffer === bytes.buffer && last.byteOffset + last.length === bytes.byteOffset) {
    chunks[chunks.length - 1] = Buffer.from(last.buffer, last.byteOffset, last.length + bytes.length);
  } else {
    chunks.push(bytes);
  }
};

/** The file and line that a line of the script was. */
export const findPlace = ({ parts }: Script, scriptLine: number): { path: string; line: number } | null => {
  const part = parts.findLast(({ firstLine }) => firstLine <= scriptLine);
  return part === undefined ? null : { path: part.file.path, line: part.line + scriptLine - part.firstLine };
};
