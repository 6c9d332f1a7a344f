import { foldersAbove, isTest, type SourceTree } from './sourceTree.ts';

/** Who imports whom, by name: of files, or of folders and files beside each other. */
type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Cycles of imports between product files, each from its first file round to the same file again. */
export function fileCycles(tree: SourceTree): string[][] {
  return cyclesOf(graphOf(tree, (file) => file));
}

/** A cycle among the folders and files that stand directly in one folder. */
export interface FolderCycle {
  readonly folder: string;
  /** Names within the folder, from the first round to the same again. */
  readonly names: readonly string[];
  /** For each step one import that makes it: the importing and the imported file. */
  readonly imports: readonly (readonly [string, string])[];
}

/**
 * Cycles between folders. In every folder the files and folders directly within it have to stand in an order, where each
 * imports only what is below it. Worked example: `viewer/hitTests.ts` imports `viewer/planes/planeFrame.ts` and
 * `viewer/planes/planeHandles.ts` imports `viewer/hitTests.ts`: no cycle of files, yet neither `planes` nor `hitTests.ts`
 * can be understood first.
 */
export function folderCycles(tree: SourceTree): FolderCycle[] {
  const folders = new Set(tree.files.flatMap(foldersAbove));
  return [...folders].sort().flatMap((folder) => {
    const nameIn = (file: string): string | undefined =>
      file.startsWith(`${folder}/`) ? file.slice(folder.length + 1).split('/')[0] : undefined;
    return cyclesOf(graphOf(tree, nameIn))
      .filter((names) => names.some((name) => !/\.\w+$/.test(name)))
      .map((names) => ({
        folder,
        names,
        imports: names.slice(1).flatMap((to, index): (readonly [string, string])[] => {
          const step = tree.imports.find(
            ({ from, file }) =>
              file !== undefined && !isTest(from) && nameIn(from) === names[index] && nameIn(file) === to,
          );
          return step?.file === undefined ? [] : [[step.from, step.file]];
        }),
      }));
  });
}

function graphOf(tree: SourceTree, nameOf: (file: string) => string | undefined): Graph {
  const graph = new Map<string, Set<string>>();
  for (const { from, file } of tree.imports) {
    if (file === undefined || isTest(from) || isTest(file)) continue;
    const name = nameOf(from);
    const goal = nameOf(file);
    if (name === undefined || goal === undefined || name === goal) continue;
    graph.set(name, (graph.get(name) ?? new Set()).add(goal));
  }
  return graph;
}

/** For each group of names that reach each other, the shortest way from its first name round to itself. */
function cyclesOf(graph: Graph): string[][] {
  const done = new Set<string>();
  return [...graph.keys()].sort().flatMap((name) => {
    if (done.has(name)) return [];
    const way = shortestWayRound(graph, name);
    for (const met of way ?? []) done.add(met);
    return way ? [way] : [];
  });
}

function shortestWayRound(graph: Graph, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const name of queue) {
    for (const next of graph.get(name) ?? []) {
      if (next === start) {
        const way = [start];
        for (let step = name; step !== start; step = cameFrom.get(step) ?? start) way.unshift(step);
        return [start, ...way];
      }
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, name);
      queue.push(next);
    }
  }
  return undefined;
}
