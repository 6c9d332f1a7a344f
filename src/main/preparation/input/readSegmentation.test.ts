import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { readSegmentation } from './readSegmentation.ts';

const TRIANGLE = `solid one
facet normal 0 0 1
outer loop
vertex 0 0 0
vertex 1 0 0
vertex 0 1 0
endloop
endfacet
endsolid one
`;

describe('readSegmentation', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auricle-segmentation-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('says that labels were named for a surface, which has none', async () => {
    const segmentation = join(folder, 'laa.stl');
    await writeFile(segmentation, TRIANGLE);
    const input = { kind: 'files', image: '', segmentation } as const;
    const unused = failure('preparation.surface-without-labels', { name: 'laa.stl' });
    expect((await readSegmentation(input)).warnings).toEqual([]);
    expect((await readSegmentation({ ...input, label: 2 })).warnings).toEqual([unused]);
    expect((await readSegmentation({ ...input, atriumLabel: 3 })).warnings).toEqual([unused]);
  });
});
