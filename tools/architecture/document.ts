import { resolve } from 'node:path';
import { drawRooms } from './picture.ts';
import { ROOMS, type Room, SHARED_SIDE } from './rooms.ts';
import { readSourceTree } from './sourceTree.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
export const DOCUMENT = 'docs/architecture.md';
export const PICTURE = 'docs/images/rooms.svg';

/** The lines of the document between which the table of rooms stands. */
const BEGIN =
  '<!-- The table of rooms, written by `npm run architecture` from tools/architecture/rooms.ts. -->';
const END = '<!-- End of the table of rooms. -->';

/**
 * What is written from the table and the imports.
 * @param document the document as it is
 * @returns the document and the picture as they have to be
 */
export async function renewed(document: string): Promise<{ document: string; picture: string }> {
  const parts = document.split(new RegExp(`(?<=${BEGIN}\n)[^]*(?=${END})`));
  const [before, after] = parts;
  if (before === undefined || after === undefined) {
    throw new Error(`${DOCUMENT} lacks the lines "${BEGIN}" and "${END}".`);
  }
  return {
    document: `${before}\n${tableOf(ROOMS)}\n${after}`,
    picture: await drawRooms(readSourceTree(ROOT), ROOMS),
  };
}

/** The rooms as a Markdown table. */
function tableOf(rooms: readonly Room[]): string {
  const rows = rooms.map(({ name, isLoose, purpose, mayImport, sideDoors = {} }) => {
    const folder = `\`src/${name}${isLoose ? '/*' : ''}\``;
    const imports = mayImport.map((other) => `\`${shortName(name, other)}\``).join(', ');
    const doors = Object.entries(sideDoors).map(
      ([file, reason]) => `; \`${file}\` is a second door: ${reason}`,
    );
    return `| ${folder} | ${purpose}${doors.join('')} | ${imports || '–'} |`;
  });
  return ['| folder | what it is | may import |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** Within a side the side's name is left out, except for shared's own files. */
const shortName = (from: string, to: string): string => {
  const [side = ''] = from.split('/');
  return to === SHARED_SIDE ? 'shared/*' : to.replace(new RegExp(`^${side}/`), '');
};
