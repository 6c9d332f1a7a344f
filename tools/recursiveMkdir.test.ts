import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const MAIN = resolve(import.meta.dirname, '../src/main');

it('folders that users name are made by makeFolder, since mkdir with recursive may never end', () => {
  const recursive = readdirSync(MAIN, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /\bmkdir\([^;]*recursive: true/.test(readFileSync(path, 'utf8')))
    .map((path) => relative(MAIN, path));
  expect(recursive.filter((path) => !path.includes('testing'))).toEqual([]);
});
