import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDERS = ['src', 'test', 'e2e', 'tools', 'bench', 'dev', 'docs', 'resources', 'examples'];
const PATH_OF_FILE = new RegExp(`^(?:${FOLDERS.join('|')}|bin)/[\\w./-]+$`);

const documents = ['.', ...FOLDERS].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: folder !== '.', withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name)),
);

/** What a document links to or names that is not there: files, folders, and scripts of package.json. */
function missingIn(document: string, scripts: ReadonlySet<string>): string[] {
  const text = readFileSync(document, 'utf8');
  const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1]!);
  const links = all(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g).filter((link) => !/^(?:https?|mailto):/.test(link));
  const paths = all(/`([^`\s]+)`/g).filter((path) => PATH_OF_FILE.test(path));
  return [
    ...links.filter((link) => !existsSync(join(dirname(document), link))),
    ...paths.filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(dirname(document), path))),
    ...all(/npm run ([\w:-]+)/g).filter((script) => !scripts.has(script)),
  ].map((missing) => `${relative(ROOT, document)}: ${missing}`);
}

it('documents link to files, and name paths and scripts, that are there', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly scripts: Record<string, string>;
  };
  const names = new Set(Object.keys(scripts));
  expect(documents.length).toBeGreaterThan(50);
  expect(documents.flatMap((document) => missingIn(document, names))).toEqual([]);
});
