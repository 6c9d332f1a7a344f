import { fileCycles, folderCycles } from './cycles.ts';
import { type PackageRule, type Room, SHARED_SIDE } from './rooms.ts';
import { foldersAbove, isTest, type ResolvedImport, type SourceTree } from './sourceTree.ts';

/** The table that imports are checked against. */
export interface ImportRules {
  readonly rooms: readonly Room[];
  readonly packages: readonly PackageRule[];
}

/** `main`, `renderer` or `shared`. */
export const sideOf = (room: string): string => room.split('/')[0] ?? '';

/** The room of a file below `src`: the deepest one that holds it. */
export function roomOf(file: string, rooms: readonly Room[]): Room | undefined {
  return rooms
    .filter(({ name, isLoose }) =>
      isLoose ? file.replace(/\/[^/]*$/, '') === `src/${name}` : file.startsWith(`src/${name}/`),
    )
    .sort((a, b) => b.name.length - a.name.length)[0];
}

/** Everything that breaks the table, one sentence each; none where all is well. */
export function checkImports(tree: SourceTree, rules: ImportRules): string[] {
  return [
    ...tableProblems(tree, rules),
    ...tree.imports.flatMap((found) => importProblems(found, tree, rules)),
    ...fileCycles(tree).map((files) => `These files import each other in a circle: ${files.join(' → ')}.`),
    ...folderCycles(tree).map(
      ({ folder, names, imports }) =>
        `Within ${folder} these import each other in a circle: ${names.join(' → ')} (${imports
          .map(([from, to]) => `${from} imports ${to}`)
          .join(', ')}).`,
    ),
  ];
}

/** Rooms without files, files without rooms, permissions that name no room or that nobody uses. */
function tableProblems(tree: SourceTree, { rooms }: ImportRules): string[] {
  const names = new Set(rooms.map(({ name }) => name));
  const used = new Set(
    tree.imports.map(
      ({ from, file }) => `${roomOf(from, rooms)?.name} → ${file && roomOf(file, rooms)?.name}`,
    ),
  );
  const homeless = new Set(
    tree.files.filter((file) => !roomOf(file, rooms)).map((file) => file.replace(/\/[^/]*$/, '')),
  );
  return [
    ...[...homeless].map((folder) => `${folder} belongs to no room of tools/architecture/rooms.ts.`),
    ...rooms.flatMap(({ name, mayImport, sideDoors = {} }) => [
      ...(tree.files.some((file) => roomOf(file, rooms)?.name === name)
        ? []
        : [`The table names the room ${name}, but src/${name} has no files.`]),
      ...Object.keys(sideDoors)
        .filter((door) => !tree.files.includes(`src/${name}/${door}`))
        .map((door) => `The table names the door src/${name}/${door}, which does not exist.`),
      ...mayImport
        .filter((other) => !names.has(other))
        .map((other) => `The table lets ${name} import ${other}, which is not a room.`),
      ...mayImport
        .filter((other) => names.has(other) && !used.has(`${name} → ${other}`))
        .map((other) => `The table lets ${name} import ${other}, but it does not: take it out of the table.`),
    ]),
  ];
}

function importProblems(found: ResolvedImport, tree: SourceTree, { rooms, packages }: ImportRules): string[] {
  const { from, file, line, specifier } = found;
  const why =
    found.package !== undefined
      ? packageProblem(found.package, from, packages)
      : file === undefined
        ? missingProblem(found)
        : (testProblem(from, file) ??
          directionProblem(from, file, rooms) ??
          doorProblem(from, file, tree, rooms));
  return why === undefined ? [] : [`${from}:${line} imports ${file ?? specifier}: ${why}.`];
}

function packageProblem(name: string, from: string, rules: readonly PackageRule[]): string | undefined {
  const broken = rules.find(
    ({ packages, onlyIn, withTests }) =>
      packages.includes(name.startsWith('node:') ? 'node:' : name) &&
      (withTests || !isTest(from)) &&
      !onlyIn.some((place) => (place.endsWith('/') ? from.startsWith(place) : from === place)),
  );
  return broken && `only ${broken.onlyIn.join(', ')} may, for ${broken.reason}`;
}

/** Tests reach for helpers outside of `src`; the address of a file may be that of one which is built later. */
const missingProblem = ({ from, specifier, isAddress }: ResolvedImport): string | undefined =>
  isTest(from) || (isAddress && !/\.tsx?$/.test(specifier)) ? undefined : 'there is no such file below src';

const testProblem = (from: string, file: string): string | undefined =>
  isTest(file) && !isTest(from) ? 'only tests may' : undefined;

function directionProblem(from: string, file: string, rooms: readonly Room[]): string | undefined {
  const room = roomOf(from, rooms);
  const goal = roomOf(file, rooms);
  // Files without a room are reported as such. The one file above src that is known here is package.json.
  if (!room || !goal || room.name === goal.name) return undefined;
  const side = sideOf(room.name);
  const goalSide = sideOf(goal.name);
  if (side !== SHARED_SIDE && goalSide === SHARED_SIDE) return undefined;
  // Tests may look into every room of their side.
  if (isTest(from)) return side === goalSide ? undefined : `tests of ${side} may not import ${goalSide}`;
  return room.mayImport.includes(goal.name) ? undefined : `${room.name} may not import ${goal.name}`;
}

/** A folder with an `index.ts` is entered through it, or through a door that the table names. */
function doorProblem(
  from: string,
  file: string,
  tree: SourceTree,
  rooms: readonly Room[],
): string | undefined {
  if (isTest(from)) return undefined;
  const passed = foldersAbove(file).find((folder) => {
    const door = `${folder}/index.ts`;
    const sideDoors = rooms.find(({ name }) => `src/${name}` === folder)?.sideDoors ?? {};
    return (
      !from.startsWith(`${folder}/`) &&
      tree.files.includes(door) &&
      file !== door &&
      !Object.hasOwn(sideDoors, file.slice(folder.length + 1))
    );
  });
  return passed && `the door of ${passed} is its index.ts`;
}
