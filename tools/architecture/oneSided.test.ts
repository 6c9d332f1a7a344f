import { expect, it } from 'vitest';
import { oneSidedProblems } from './oneSided.ts';
import type { Room } from './rooms.ts';
import { sourceTree } from './sourceTree.ts';

const mesh = (oneSided?: Room['oneSided']): Room => ({
  name: 'shared/mesh',
  purpose: '',
  mayImport: [],
  ...(oneSided && { oneSided }),
});

const problemsOf = (texts: Readonly<Record<string, string>>, room = mesh()): string[] =>
  oneSidedProblems(sourceTree(new Map(Object.entries(texts))), [room]);

const FILES = {
  'src/shared/mesh/edges.ts': '',
  'src/shared/mesh/slices.ts': "import './edges.ts';",
  'src/main/nudf/a.ts': "import '#shared/mesh/slices.ts';",
};

it('finds what one side alone uses, also through another file of shared', () => {
  expect(problemsOf(FILES)).toEqual([
    'src/shared/mesh/edges.ts is used by main alone: its place is below src/main.',
    'src/shared/mesh/slices.ts is used by main alone: its place is below src/main.',
  ]);
});

it('counts the tests of a side', () => {
  const both = { ...FILES, 'src/renderer/a.test.ts': "import '#shared/mesh/slices.ts';" };
  expect(problemsOf(both)).toEqual([]);
});

it('leaves out what the table names, which has to be so', () => {
  const reason = 'a reason';
  expect(problemsOf(FILES, mesh({ 'edges.ts': reason, 'slices.ts': reason }))).toEqual([]);
  const both = { ...FILES, 'src/renderer/a.ts': "import '#shared/mesh/slices.ts';" };
  expect(problemsOf(both, mesh({ 'edges.ts': reason }))).toEqual([
    'The table says that one side alone uses src/shared/mesh/edges.ts, which is not so: take it out.',
  ]);
});
