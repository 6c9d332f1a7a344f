import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { DOCUMENT, PICTURE, ROOT, renewed } from './document.ts';

/** `npm run architecture`: writes the table of rooms into the document, and the picture. @returns the exit code */
export default async function writeArchitecture(): Promise<number> {
  const { document, picture } = await renewed(readFileSync(join(ROOT, DOCUMENT), 'utf8'));
  writeFileSync(join(ROOT, DOCUMENT), document);
  writeFileSync(join(ROOT, PICTURE), picture);
  process.stdout.write(
    `${DOCUMENT} and ${PICTURE} are as tools/architecture/rooms.ts and the imports are.\n`,
  );
  return 0;
}
