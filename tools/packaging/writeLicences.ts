import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { PACKAGES_FILE } from './bundledPackages.ts';
import { licencesOf, licenceText, PACKED_PACKAGES } from './licences.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FILE = 'dist/THIRD_PARTY_LICENCES.txt';

/** The folders of all packages whose code travels with the program, once it is built. */
export const shippedPackages = (): string[] => [
  ...['dist/main', 'dist/renderer'].flatMap((build) =>
    z.array(z.string()).parse(JSON.parse(readFileSync(join(ROOT, build, PACKAGES_FILE), 'utf8'))),
  ),
  ...PACKED_PACKAGES,
];

/** `npm run licences`: the licences of everything that installers contain, as one text. @returns the exit code */
export default async function writeLicences(): Promise<number> {
  const licences = licencesOf(ROOT, shippedPackages());
  const without = licences.filter(({ text }) => text === '').map(({ name }) => name);
  if (without.length > 0) {
    process.stderr.write(`No text of a licence for ${without.join(', ')}: add one to resources/licences.\n`);
    return 1;
  }
  writeFileSync(join(ROOT, FILE), licenceText(licences));
  process.stdout.write(`${FILE}: ${licences.length} licences.\n`);
  return 0;
}
