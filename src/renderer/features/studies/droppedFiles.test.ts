import { expect, it } from 'vitest';
import { CancelledError } from '#shared/errors.ts';
import { droppedFiles } from './droppedFiles.ts';

type Tree = { readonly [name: string]: Tree | 'file' | 'unreadable' };

/** An entry as browsers give it, with as much of it as is used. */
function entry(fullPath: string, tree: Tree | 'file' | 'unreadable'): object {
  if (tree === 'file' || tree === 'unreadable') {
    const file = (resolve: (file: Blob) => void, reject: (reason: Error) => void): void =>
      tree === 'file' ? resolve(new Blob([fullPath])) : reject(new Error('gone'));
    return { fullPath, isDirectory: false, isFile: true, file };
  }
  // In portions, of which an empty one is the last.
  const portions = [
    ...Object.entries(tree).map(([name, child]) => [entry(`${fullPath}/${name}`, child)]),
    [],
  ];
  const createReader = () => ({
    readEntries: (resolve: (portion: unknown) => void): void => resolve(portions.shift()),
  });
  return { fullPath, isDirectory: true, isFile: false, createReader };
}

// A drop cannot be made without a browser; this has what is read of one.
const dropOf = (tree: Tree): DataTransfer =>
  ({
    items: Object.entries(tree).map(([name, child]) => ({
      webkitGetAsEntry: () => entry(`/${name}`, child),
    })),
    files: [],
  }) as unknown as DataTransfer;

const tree: Tree = { study: { a: { IM1: 'file', IM2: 'unreadable' }, b: { IM3: 'file' } }, loose: 'file' };

it('lists the files of dropped folders in their order, and names what cannot be read', async () => {
  const stages: string[] = [];
  const files = await droppedFiles(dropOf(tree))({ onProgress: ({ stage }) => stages.push(stage) });
  expect(files.map(({ path, unreached }) => [path, unreached])).toEqual([
    ['study/a/IM1', undefined],
    ['study/a/IM2', 'file'],
    ['study/b/IM3', undefined],
    ['loose', undefined],
  ]);
  expect(stages.at(-1)).toBe('Listing files (3)');
});

it('ends when it is cancelled', async () => {
  await expect(droppedFiles(dropOf(tree))({ signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
});
