import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { submesh } from '#main/mesh/submesh.ts';
import { CancelledError } from '#shared/errors.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { encodePly } from '../interchange/ply.ts';
import { encodeStl } from '../interchange/stl.ts';
import { evaluateFolders } from './evaluateFolders.ts';
import { evaluationFiles, evaluationJson } from './evaluationFiles.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-evaluate-'));
  await mkdir(join(folder, 'pred'));
  await mkdir(join(folder, 'truth'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A bowl and the ball that it is of. */
async function writeCase(path: string, radiusMm: number): Promise<void> {
  await mkdir(path, { recursive: true });
  const ball = icosphere([0, 0, 0], radiusMm, 3);
  const bowl = submesh(ball, (face) => vertexLpsMm(ball, ball.triangles[3 * face]!)[2] < 0.5 * radiusMm).mesh;
  await writeFile(join(path, 'laa-wall.stl'), encodeStl(bowl));
  await writeFile(join(path, 'laa-closed.stl'), encodeStl(ball));
}

it('compares all cases, sums them up, and names those that it cannot compare', async () => {
  await writeCase(join(folder, 'pred', 'a'), 10);
  await writeCase(join(folder, 'truth', 'a', 'truth'), 10);
  await writeCase(join(folder, 'pred', 'b'), 11);
  await writeCase(join(folder, 'truth', 'b'), 10);
  await writeFile(join(folder, 'pred', '<c>.ply'), encodePly(icosphere([0, 0, 0], 9, 2)));
  await writeFile(join(folder, 'truth', '<c>.stl'), encodeStl(icosphere([0, 0, 0], 9, 2)));
  await writeCase(join(folder, 'pred', 'only-predicted'), 10);
  await writeCase(join(folder, 'truth', 'only-true'), 10);
  await writeFile(join(folder, 'pred', 'broken.stl'), 'nothing');
  await writeFile(join(folder, 'truth', 'broken.stl'), encodeStl(icosphere([0, 0, 0], 9, 1)));

  const evaluation = await evaluateFolders(join(folder, 'pred'), join(folder, 'truth'));
  expect(evaluation.cases.map(({ name }) => name)).toEqual(['<c>', 'a', 'b']);
  expect(inWords(evaluation.notCompared)).toEqual([
    { name: 'broken', reason: expect.stringMatching(/broken\.stl: /) },
    { name: 'only-predicted', reason: 'There is no truth of this case.' },
    { name: 'only-true', reason: 'There is no prediction of this case.' },
  ]);
  expect(evaluation.worst[0]).toMatchObject({ name: 'b' });

  const { cases, summary } = evaluationJson(evaluation);
  const one = (name: string) => cases.find((each) => each.name === name)! as Record<string, unknown>;
  expect(one('a')).toMatchObject({ meanMm: 0, completion2MmPercent: 100, dice: 1, boundaryLoops: 1 });
  expect(one('b').meanMm).toBeCloseTo(1, 0);
  // Of balls of 10 and 11 mm: 2·10³/(10³ + 11³).
  expect(one('b').dice).toBeCloseTo(2000 / 2331, 1);
  expect(one('<c>')).toMatchObject({ rimMeanMm: null, components: 1, genus: 0, selfIntersections: 0 });
  const rims = summary.find(({ key }) => key === 'rimMeanMm')!;
  expect(rims.count).toBe(2);
  expect(rims.minimum).toBeCloseTo(0, 9);
  expect(rims.median).toBeCloseTo((rims.minimum + rims.maximum) / 2, 9);

  const files = evaluationFiles(evaluation);
  const lines = files.get('evaluation.csv')!.trim().split('\r\n');
  expect(lines).toHaveLength(1 + 3 + 3);
  expect(new Set(lines.slice(0, 4).map((line) => line.split(',').length))).toEqual(new Set([19]));
  const page = files.get('evaluation.html')!;
  expect(page).toContain('&lt;c&gt;');
  expect(page).not.toContain('<c>');
  expect(page.match(/<svg /g)).toHaveLength(summary.length);
  expect(page.match(/data:image\/png;base64,/g)).toHaveLength(3);
  // Nothing is fetched.
  expect(page).not.toMatch(/https?:|<script|<link/);
  if (process.env.KEEP) await writeFile(process.env.KEEP, page);
});

it('refuses folders without surfaces, and stops when it is cancelled', async () => {
  const [pred, truth] = [join(folder, 'pred'), join(folder, 'truth')];
  await expect(evaluateFolders(pred, truth)).rejects.toThrow(/hold no surfaces/);
  await expect(evaluateFolders(join(folder, 'none'), truth)).rejects.toThrow(/none/);
  await writeCase(join(pred, 'a'), 10);
  const controller = new AbortController();
  controller.abort();
  await expect(evaluateFolders(pred, truth, { signal: controller.signal })).rejects.toThrow(CancelledError);
});
