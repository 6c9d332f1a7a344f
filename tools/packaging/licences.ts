import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMPILED_IN } from './compiledIn.ts';

/** A package, or a library inside of one, that travels with the program. */
export interface Licence {
  readonly name: string;
  readonly version: string;
  /** SPDX identifier. */
  readonly identifier: string;
  readonly author: string;
  /** The licence's words, as the package brings them, or else the standard ones. */
  readonly text: string;
}

/** The packages that electron-builder packs beside what Vite has built (electron-builder.yml). */
export const PACKED_PACKAGES = ['node_modules/onnxruntime-node', 'node_modules/onnxruntime-common'];

const TEXT_FILE = /^(licen[sc]e|copying|notice)/i;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The standard text of a licence, for a package that brings none. Empty where there is none here. */
function standardText(projectFolder: string, identifier: string): string {
  const file =
    identifier === 'Apache-2.0'
      ? join(projectFolder, 'LICENSE')
      : join(projectFolder, 'resources/licences', `${identifier}.txt`);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function licenceOf(projectFolder: string, packageFolder: string): Licence {
  const folder = join(projectFolder, packageFolder);
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!isRecord(manifest)) throw new Error(`${packageFolder}/package.json is not an object.`);
  const identifier = textOf(manifest.license) || 'as below';
  const author = isRecord(manifest.author) ? textOf(manifest.author.name) : textOf(manifest.author);
  const own = readdirSync(folder)
    .filter((name) => TEXT_FILE.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  return {
    name: textOf(manifest.name),
    version: textOf(manifest.version),
    identifier,
    author: author.replace(/\s*<.*>/, ''),
    text: own.length > 0 ? own.join('\n') : standardText(projectFolder, identifier),
  };
}

/** The licences of the packages in these folders and of what is compiled into them, by name. */
export function licencesOf(projectFolder: string, packageFolders: readonly string[]): Licence[] {
  const packages = [...new Set(packageFolders)].map((folder) => licenceOf(projectFolder, folder));
  const compiled = COMPILED_IN.filter(({ inside }) => packages.some(({ name }) => name === inside)).map(
    ({ name, inside, identifier, author }) => ({
      name: `${name} (in ${inside})`,
      version: '',
      identifier,
      author,
      text: standardText(projectFolder, identifier),
    }),
  );
  return [...packages, ...compiled].sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** All licences as one text. */
export const licenceText = (licences: readonly Licence[]): string =>
  licences
    .map(({ name, version, identifier, author, text }) =>
      [
        '='.repeat(80),
        [name, version].filter(Boolean).join(' '),
        `Licence: ${identifier}`,
        ...(author === '' ? [] : [`Copyright: ${author}`]),
        '',
        text.trim(),
        '',
      ].join('\n'),
    )
    .join('\n');
