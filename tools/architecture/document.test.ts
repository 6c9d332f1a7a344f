import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOCUMENT, PICTURE, ROOT, renewed } from './document.ts';
import { arrowsBetween, dotOf, withoutDetours } from './picture.ts';
import { sourceTree } from './sourceTree.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

describe('what is written about the rooms', () => {
  it('the document and the picture are those of the table and the imports', async () => {
    const { document, picture } = await renewed(read(DOCUMENT));
    const stale = [
      ...(document === read(DOCUMENT) ? [] : [DOCUMENT]),
      ...(picture === read(PICTURE) ? [] : [PICTURE]),
    ];
    expect(stale, 'Out of date: run `npm run architecture` and commit what it writes.').toEqual([]);
  });

  it('every folder and file that the document names is there', () => {
    const named = [...read(DOCUMENT).matchAll(/`((?:src|docs|tools|bench|test|e2e|resources)\/[^`*\s]*)`/g)];
    expect(named.length).toBeGreaterThan(10);
    expect(named.map(([, path = '']) => path).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('the picture', () => {
  const rooms = ['main/cli', 'main/pipeline', 'main/nudf', 'shared/mesh'].map((name) => ({
    name,
    purpose: '',
    mayImport: [],
  }));

  it('has an arrow for rooms of which a product file imports the other', () => {
    const tree = sourceTree(
      new Map([
        ['src/main/cli/a.ts', "import '../pipeline/a.ts'; import '#shared/mesh/a.ts'; import './b.ts';"],
        ['src/main/cli/b.ts', "import '../pipeline/a.ts';"],
        ['src/main/cli/b.test.ts', "import '../nudf/a.ts';"],
        ['src/main/pipeline/a.ts', ''],
        ['src/main/nudf/a.ts', ''],
        ['src/shared/mesh/a.ts', ''],
      ]),
    );
    expect(arrowsBetween(tree, rooms)).toEqual([
      ['main/cli', 'main/pipeline'],
      ['main/cli', 'shared/mesh'],
    ]);
  });

  it('leaves out arrows that others lead along too', () => {
    const arrows = [
      ['cli', 'pipeline'],
      ['cli', 'nudf'],
      ['pipeline', 'nudf'],
      ['cli', 'report'],
    ] as const;
    expect(withoutDetours(arrows)).toEqual([arrows[0], arrows[2], arrows[3]]);
  });

  it('draws the arrows within a side, and one from the side to shared', () => {
    const dot = dotOf(
      [
        ['main/cli', 'main/pipeline'],
        ['main/cli', 'shared/mesh'],
        ['main/pipeline', 'shared/mesh'],
      ],
      rooms,
    );
    expect(dot).toContain('"main/cli" -> "main/pipeline"');
    expect(dot.match(/-> "shared\/mesh"/g)).toHaveLength(1);
    expect(dot).toContain('lhead=cluster_shared');
  });
});
