import { type Room, SHARED_SIDE } from './rooms.ts';
import { isTest, type SourceTree } from './sourceTree.ts';

/**
 * Files of shared that only main or only the renderer uses, one sentence each: their place is on that side. A side uses
 * what its files import, its tests included, and what these import in turn.
 */
export function oneSidedProblems(tree: SourceTree, rooms: readonly Room[]): string[] {
  const allowed = new Set(
    rooms.flatMap(({ name, oneSided = {} }) => Object.keys(oneSided).map((file) => `src/${name}/${file}`)),
  );
  const isUsedBy = { main: filesUsedBy('main', tree), renderer: filesUsedBy('renderer', tree) };
  const found = new Map(
    tree.files.flatMap((file): (readonly [string, string])[] => {
      if (!file.startsWith(`src/${SHARED_SIDE}/`) || isTest(file)) return [];
      const [byMain, byRenderer] = [isUsedBy.main.has(file), isUsedBy.renderer.has(file)];
      return byMain === byRenderer ? [] : [[file, byMain ? 'main' : 'renderer']];
    }),
  );
  return [
    ...[...found]
      .filter(([file]) => !allowed.has(file))
      .map(([file, side]) => `${file} is used by ${side} alone: its place is below src/${side}.`),
    ...[...allowed]
      .filter((file) => !found.has(file))
      .map((file) => `The table says that one side alone uses ${file}, which is not so: take it out.`),
  ];
}

function filesUsedBy(side: string, { files, imports }: SourceTree): ReadonlySet<string> {
  const goals = new Map<string, string[]>();
  for (const { from, file } of imports) {
    if (file !== undefined) goals.set(from, [...(goals.get(from) ?? []), file]);
  }
  const used = new Set(files.filter((file) => file.startsWith(`src/${side}/`)));
  for (const file of used) for (const goal of goals.get(file) ?? []) used.add(goal);
  return used;
}
