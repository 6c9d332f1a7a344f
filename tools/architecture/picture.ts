import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { roomOf, sideOf } from './checkImports.ts';
import { type Room, SHARED_SIDE } from './rooms.ts';
import { isTest, type SourceTree } from './sourceTree.ts';

/** An arrow from the importing to the imported room. */
type Arrow = readonly [from: string, to: string];

/** Colours of a side: of its frame, its rooms and its words. */
const SIDES: Readonly<
  Record<string, { readonly title: string; readonly fill: string; readonly ink: string }>
> = {
  renderer: { title: 'renderer: the page', fill: '#e6f0fb', ink: '#1b4f8a' },
  main: { title: 'main: Node and Electron', fill: '#fdf0e0', ink: '#8a4b08' },
  shared: { title: 'shared: runs anywhere', fill: '#e6f4ea', ink: '#1e6b3a' },
};

/** The imports between rooms of product files, once each. */
export function arrowsBetween(tree: SourceTree, rooms: readonly Room[]): readonly Arrow[] {
  const arrows = new Map<string, Arrow>();
  for (const { from, file } of tree.imports) {
    if (file === undefined || isTest(from) || isTest(file)) continue;
    const start = roomOf(from, rooms)?.name;
    const goal = roomOf(file, rooms)?.name;
    if (start !== undefined && goal !== undefined && start !== goal) {
      arrows.set(`${start} → ${goal}`, [start, goal]);
    }
  }
  return [...arrows.values()];
}

/**
 * Leaves out each arrow that can be walked by others too. Worked example: of cli → pipeline, pipeline → nudf and
 * cli → nudf the last is left out.
 */
export function withoutDetours(arrows: readonly Arrow[]): readonly Arrow[] {
  const goalsOf = (room: string): string[] => arrows.filter(([from]) => from === room).map(([, to]) => to);
  const reaches = (room: string, goal: string): boolean =>
    goalsOf(room).some((next) => next === goal || reaches(next, goal));
  return arrows.filter(([from, to]) => !goalsOf(from).some((next) => next !== to && reaches(next, to)));
}

/** Graphviz' description of the picture: what is above imports what is below. */
export function dotOf(arrows: readonly Arrow[], rooms: readonly Room[]): string {
  // main and renderer may import all of shared: that is drawn once for a side, not for each room.
  const within = withoutDetours(arrows.filter(([from, to]) => sideOf(from) === sideOf(to)));
  const toShared = Object.keys(SIDES)
    .filter((side) => side !== SHARED_SIDE)
    .flatMap((side) => arrowsToShared(side, within, rooms));
  return `digraph rooms {
  graph [fontname="Helvetica" nodesep=0.25 ranksep=0.45 bgcolor="white" pad=0.2 compound=true];
  node [shape=box fontname="Helvetica" fontsize=13 fillcolor="white" height=0.35 margin="0.14,0.05" penwidth=1.2];
  edge [arrowsize=0.65 penwidth=1.1];
  ${[
    ...Object.keys(SIDES).map((side) => frameOf(side, rooms)),
    ...within.map(([from, to]) => `${quote(from)} -> ${quote(to)} [color="${SIDES[sideOf(from)]?.ink}"];`),
    ...toShared,
  ].join('\n  ')}
}`;
}

const quote = (text: string): string => JSON.stringify(text);

/** A side's frame with its rooms. */
function frameOf(side: string, rooms: readonly Room[]): string {
  const { title = side, fill = 'white', ink = 'black' } = SIDES[side] ?? {};
  const looseLabel = side === SHARED_SIDE ? 'errors, progress …' : 'entries';
  const nodes = rooms
    .filter(({ name }) => sideOf(name) === side)
    .map(({ name, isLoose }) => {
      const label = isLoose ? looseLabel : (name.split('/').at(-1) ?? name);
      return `${quote(name)} [label=${quote(label)} color="${ink}" fontcolor="${ink}" style="rounded,filled"];`;
    });
  return `subgraph cluster_${side} {
    label=${quote(title)}; fontsize=18; fontcolor="${ink}"; style="rounded,filled"; color="${fill}"; margin=16;
    ${nodes.join('\n    ')}
  }`;
}

/** From a side's lowest room to shared's highest ones, so that shared is drawn below; the last stands for all of them. */
function arrowsToShared(side: string, arrows: readonly Arrow[], rooms: readonly Room[]): string[] {
  const names = rooms.map(({ name }) => name);
  const lowest = names.find((name) => sideOf(name) === side && !arrows.some(([from]) => from === name));
  const highest = names.filter(
    (name) => sideOf(name) === SHARED_SIDE && !arrows.some(([, to]) => to === name),
  );
  if (lowest === undefined) return [];
  return highest.map((name, index) => {
    const look =
      index === highest.length - 1
        ? `ltail=cluster_${side} lhead=cluster_${SHARED_SIDE} color="#666666" penwidth=3 arrowsize=0.8`
        : 'style=invis weight=0';
    return `${quote(lowest)} -> ${quote(name)} [${look} minlen=3];`;
  });
}

/** What the picture shows, for who cannot see it; the table beside it has the same. */
const LABEL =
  'Rooms of the sources as boxes in three frames; arrows lead from a room to those that it imports.';

/** The picture of rooms and arrows as SVG. */
export async function drawRooms(tree: SourceTree, rooms: readonly Room[]): Promise<string> {
  const graphviz = await Graphviz.load();
  const svg = graphviz.layout(dotOf(arrowsBetween(tree, rooms), rooms), 'svg', 'dot');
  return svg.replace('<svg ', `<svg role="img" aria-label="${LABEL}" `);
}
