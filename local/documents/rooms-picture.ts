import { writeFile } from 'node:fs/promises';
import { instance } from '@viz-js/viz';
import { listRoomImports, mayImport, readImports } from './rooms.ts';

/** The picture that CONTRIBUTING shows. */
export const roomsPictureFile = 'docs/rooms.svg';

/** Drops a line when there is a way through a third room. */
const withoutShortcuts = (pairs: readonly [string, string][]): [string, string][] => {
  const nextOf = (room: string) => pairs.filter(([from]) => from === room).map(([, to]) => to);
  const reaches = (from: string, to: string): boolean =>
    nextOf(from).some((next) => next === to || reaches(next, to));
  return pairs.filter(([from, to]) => !nextOf(from).some((next) => next !== to && reaches(next, to)));
};

/** The rooms of shared/ as an SVG, made from what the code imports. A path of arrows is an import too. */
export const renderRooms = async (): Promise<string> => {
  const pairs = withoutShortcuts(listRoomImports(await readImports('.', ['shared'])));
  const viz = await instance();
  const svg = viz.renderString(
    {
      graphAttributes: { rankdir: 'TB', bgcolor: 'white', nodesep: 0.3, ranksep: 0.45 },
      nodeAttributes: {
        shape: 'box',
        style: 'filled,rounded',
        fillcolor: '#ddebfa',
        color: '#0b57a4',
        fontname: 'Helvetica',
        fontsize: 14,
        margin: '0.2,0.08',
      },
      edgeAttributes: { color: '#57606a', arrowsize: 0.7 },
      nodes: Object.keys(mayImport).map((name) => ({ name })),
      edges: pairs.map(([tail, head]) => ({ tail, head })),
    },
    { format: 'svg' },
  );
  const description = 'The rooms of shared/: an arrow from each to those that it imports';
  // Graphviz's prolog has its version, so drop it.
  const bare = svg.slice(svg.indexOf('<svg ')).replace(/<!--.*?-->\n?/gs, '');
  return bare.replace('<svg ', `<svg role="img" aria-label="${description}" `);
};

if (import.meta.main) await writeFile(roomsPictureFile, await renderRooms());
