import { resolve } from 'node:path';
import process from 'node:process';
import { checkImports } from './checkImports.ts';
import { oneSidedProblems } from './oneSided.ts';
import { PACKAGE_RULES, ROOMS } from './rooms.ts';
import { readSourceTree } from './sourceTree.ts';

/** `npm run lint:imports`: prints every import that breaks the table of rooms. @returns the exit code */
export default function lintImports(): number {
  const tree = readSourceTree(resolve(import.meta.dirname, '../..'));
  const problems = [
    ...checkImports(tree, { rooms: ROOMS, packages: PACKAGE_RULES }),
    ...oneSidedProblems(tree, ROOMS),
  ];
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const counted = `${tree.imports.length} imports of ${tree.files.length} files`;
  process.stdout.write(
    problems.length === 0
      ? `${counted}: all as tools/architecture/rooms.ts allows.\n`
      : `${counted}: ${problems.length} problems. Who may import whom stands in tools/architecture/rooms.ts.\n`,
  );
  return problems.length === 0 ? 0 : 1;
}
