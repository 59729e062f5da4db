import { readdir, readFile } from 'node:fs/promises';

/** A fenced block of a page, without its fences and their indentation. */
export type Block = {
  page: string;
  line: number;
  language: string;
  text: string;
  /** The HTML comment on the line before it, or null. */
  mark: string | null;
  /** The last second-level heading above it, '' before the first. */
  section: string;
};

/** The text of every page of the project, by its path. */
export const readPages = async (): Promise<Map<string, string>> => {
  const docs = (await readdir('docs')).filter((name) => name.endsWith('.md')).sort();
  const paths = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CHANGELOG.md',
    ...docs.map((name) => `docs/${name}`),
  ];
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)));
};

/** The fenced blocks of a page, in order. @throws Error for an open fence */
export const readBlocks = (page: string, text: string): Block[] => {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  let section = '';
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    section = /^## (.*)$/.exec(line)?.[1] ?? section;
    const [opening, indent = '', language = ''] = /^(\s*)```(\S*)\s*$/.exec(line) ?? [];
    if (opening === undefined) continue;
    const length = lines.slice(index + 1).findIndex((one) => one.trim() === '```');
    if (length < 0) throw new Error(`${page}:${index + 1}: a block is never closed`);
    const inside = lines.slice(index + 1, index + 1 + length);
    const mark = /^\s*<!-- (.*) -->\s*$/.exec(lines[index - 1] ?? '')?.[1] ?? null;
    const body = inside.map((one) => (one.startsWith(indent) ? one.slice(indent.length) : one)).join('\n');
    blocks.push({ page, line: index + 1, language, text: body, mark, section });
    index += length + 1;
  }
  return blocks;
};

/** The blocks of every page, of one language or of all. */
export const listBlocks = (pages: ReadonlyMap<string, string>, language?: string): Block[] =>
  [...pages]
    .flatMap(([page, text]) => readBlocks(page, text))
    .filter((block) => language === undefined || block.language === language);

/** A page without its fenced blocks, so that they are not taken for its text. Lines keep their numbers. */
export const withoutBlocks = (text: string): string => {
  let isInside = false;
  return text
    .split('\n')
    .map((line) => {
      const isFence = /^\s*```/.test(line);
      if (isFence) isInside = !isInside;
      return isFence || isInside ? '' : line;
    })
    .join('\n');
};

/** The cells of every table row below a heading, without the table's head and without code marks. */
export const readTable = (text: string, firstCell: string): string[][] => {
  const lines = text.split('\n').map((line) => line.trim());
  const start = lines.findIndex((line) => line.startsWith(`| ${firstCell} |`)) + 2;
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith('|'));
  return lines.slice(start, end < 0 ? undefined : end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

/** Texts between single back-ticks. */
export const readSpans = (text: string): string[] =>
  [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
